import type { Fields, TraceEvent } from "./event.ts";
import type { Filter } from "./filter.ts";
import type { Level } from "./level.ts";

/** Where events go. */
export type Sink = (event: TraceEvent) => void;

export interface LoggerParts {
  readonly filter: Filter;
  readonly sink: Sink;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
}

/**
 * Says what happens in one module.
 *
 * Fields are given as an object, or as a function where making them costs something: it is called
 * only for events that are shown.
 *
 * @example
 * ```ts
 * import { Filter, Logger, pretty } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const log = new Logger("cook", {
 *   filter: Filter.parse("info"),
 *   sink: (event) => lines.push(pretty(event)),
 *   wallClock: () => 0,
 * });
 * log.info("served", { dish: "soup", guests: 2 });
 * log.debug("stirred");
 * assertEquals(lines, ["00:00:00.000 INFO  cook: served dish=soup guests=2"]);
 * ```
 */
export class Logger {
  readonly module: string;
  #parts: LoggerParts;

  constructor(module: string, parts: LoggerParts) {
    this.module = module;
    this.#parts = parts;
  }

  /** The same, speaking for another module. */
  for(module: string): Logger {
    return new Logger(module, this.#parts);
  }

  error(message: string, fields?: Fields | (() => Fields)): void {
    this.#tell("error", message, fields);
  }

  warn(message: string, fields?: Fields | (() => Fields)): void {
    this.#tell("warn", message, fields);
  }

  info(message: string, fields?: Fields | (() => Fields)): void {
    this.#tell("info", message, fields);
  }

  debug(message: string, fields?: Fields | (() => Fields)): void {
    this.#tell("debug", message, fields);
  }

  trace(message: string, fields?: Fields | (() => Fields)): void {
    this.#tell("trace", message, fields);
  }

  #tell(level: Level, message: string, fields: Fields | (() => Fields) = {}): void {
    const { filter, sink, wallClock } = this.#parts;
    if (!filter.allows(level, this.module)) return;
    const shown = typeof fields === "function" ? fields() : fields;
    sink({ at: wallClock(), level, module: this.module, message, fields: shown });
  }
}
