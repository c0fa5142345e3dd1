import type { Fields } from "./event.ts";
import { type Level, RANKS } from "./level.ts";
import { Span } from "./span.ts";
import type { Tracer } from "./tracer.ts";

/**
 * Says what happens in one module.
 *
 * Fields are given as an object, or as a function where making them costs something: it is called
 * only for events that somebody wants. What is said inside a span carries the span's fields.
 *
 * @example
 * ```ts
 * import { Filter, lines, Logger, pretty, Tracer } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const paper: string[] = [];
 * const tracer = new Tracer({
 *   clock: { now: () => 0, wall: () => 0 },
 *   filter: Filter.parse("info"),
 *   layers: [lines(pretty, (line) => paper.push(line))],
 * });
 * const log = new Logger("cook", tracer);
 * log.info("served", { dish: "soup", guests: 2 });
 * log.debug("stirred");
 * log.span("order", { table: 4 }).run(() => log.warn("burnt", { dish: "rice" }));
 * assertEquals(paper, [
 *   "00:00:00.000 INFO  cook: served dish=soup guests=2",
 *   "00:00:00.000 WARN  cook order: burnt dish=rice table=4",
 * ]);
 * ```
 */
export class Logger {
  readonly module: string;
  readonly tracer: Tracer;
  #reach: number;

  constructor(module: string, tracer: Tracer) {
    this.module = module;
    this.tracer = tracer;
    this.#reach = tracer.reach(module);
  }

  /** The same, speaking for another module. */
  for(module: string): Logger {
    return new Logger(module, this.tracer);
  }

  /** Whether somebody wants to hear this level of this module. */
  enabled(level: Level): boolean {
    return RANKS[level] <= this.#reach;
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

  /**
   * Makes a span below the current one; enter it with `scope` or `run`. Its level decides which
   * layers hear of the span itself; its fields reach every event inside.
   */
  span(name: string, fields: Fields = {}, level: Level = "info"): Span {
    const told = this.enabled(level);
    return new Span(this.tracer, { level, module: this.module, name, fields, told });
  }

  /** The span that the code runs in, to record what becomes known later. */
  currentSpan(): Span | undefined {
    const span = this.tracer.current.tryGet();
    return span instanceof Span ? span : undefined;
  }

  #tell(level: Level, message: string, fields: Fields | (() => Fields) = {}): void {
    if (!this.enabled(level)) return;
    const shown = typeof fields === "function" ? fields() : fields;
    const at = this.tracer.clock.wall();
    this.tracer.emit({ at, level, module: this.module, message, fields: shown });
  }
}
