import type { TraceEvent } from "./event.ts";
import type { Layer } from "./layer.ts";
import type { Level } from "./level.ts";

/**
 * A layer that counts events per level.
 *
 * @example
 * ```ts
 * import { LevelCounter, Logger, realClock, Tracer } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const counter = new LevelCounter();
 * const log = new Logger("till", new Tracer({ clock: realClock, layers: [counter] }));
 * for (const price of [3, -1, 4]) price < 0 ? log.warn("refunded") : log.info("sold");
 * assertEquals(counter.counts, { error: 0, warn: 1, info: 2, debug: 0, trace: 0 });
 * ```
 */
export class LevelCounter implements Layer {
  #counts: Record<Level, number> = { error: 0, warn: 0, info: 0, debug: 0, trace: 0 };

  /** How many events of each level there were. */
  get counts(): Readonly<Record<Level, number>> {
    return { ...this.#counts };
  }

  onEvent({ level }: TraceEvent): void {
    this.#counts[level]++;
  }
}
