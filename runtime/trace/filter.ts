import { isLevel, type Level, LEVELS, reaches } from "./level.ts";

/**
 * Which events are shown: one level for all, and exceptions by module.
 *
 * Written as `info`, `warn,runtime=trace` or `runtime=debug`: words between commas, a bare level
 * for everything, `module=level` for one module. The last word about a module counts.
 *
 * @example
 * ```ts
 * import { Filter } from "wakeful/runtime";
 * import { assert, assertFalse } from "@std/assert";
 *
 * const filter = Filter.parse("warn,runtime=debug");
 * assert(filter.allows("debug", "runtime"));
 * assertFalse(filter.allows("info", "net"));
 * ```
 */
export class Filter {
  #least: Level;
  #modules: ReadonlyMap<string, Level>;

  constructor(least: Level, modules: ReadonlyMap<string, Level> = new Map()) {
    this.#least = least;
    this.#modules = modules;
  }

  /**
   * @param least what counts where the text has no bare level
   * @throws {SyntaxError} when a word is neither a level nor `module=level`
   */
  static parse(text: string, least: Level = "info"): Filter {
    const modules = new Map<string, Level>();
    for (const word of text.split(",").map((word) => word.trim()).filter((word) => word !== "")) {
      const [level, module, ...more] = word.split("=").reverse();
      if (!isLevel(level) || module === "" || more.length > 0) {
        throw new SyntaxError(`"${word}" is neither MODULE=LEVEL nor one of ${LEVELS.join(", ")}`);
      }
      if (module === undefined) least = level;
      else modules.set(module, level);
    }
    return new Filter(least, modules);
  }

  /** The same exceptions over another level. */
  withLeast(least: Level): Filter {
    return new Filter(least, this.#modules);
  }

  /** The least important level that is shown of `module`. */
  least(module: string): Level {
    return this.#modules.get(module) ?? this.#least;
  }

  allows(level: Level, module: string): boolean {
    return reaches(level, this.least(module));
  }
}
