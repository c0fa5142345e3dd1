import type { SpanView, TraceEvent } from "./event.ts";
import type { Filter } from "./filter.ts";
import { type Level, reaches } from "./level.ts";

/**
 * One listener of a tracer: it shows, counts, keeps or exports. It implements what it wants to
 * hear.
 *
 * A layer that throws does no harm to the program it listens to: the tracer reports its first
 * error and goes on calling it.
 *
 * @example A layer that counts per module
 * ```ts
 * import { type Layer, Logger, realClock, Tracer } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const seen = new Map<string, number>();
 * const counter: Layer = {
 *   onEvent: ({ module }) => seen.set(module, (seen.get(module) ?? 0) + 1),
 * };
 * const log = new Logger("shop", new Tracer({ clock: realClock, layers: [counter] }));
 * log.info("opened");
 * log.for("till").warn("empty");
 * log.info("closed");
 * assertEquals([...seen], [["shop", 2], ["till", 1]]);
 * ```
 */
export interface Layer {
  /**
   * The least important level it wants to hear of a module, always the same; everything without
   * this method. What no layer wants is not even made.
   */
  least?(module: string): Level;
  /** Something happened inside `spans`, outermost first. */
  onEvent?(event: TraceEvent, spans: readonly SpanView[]): void;
  onNewSpan?(span: SpanView): void;
  /** Fields were added to it. */
  onRecord?(span: SpanView): void;
  /** Code inside it begins to run: its task is polled. */
  onEnter?(span: SpanView): void;
  /** That code waits, or has ended. */
  onExit?(span: SpanView): void;
  /** It is over; this is called once. */
  onClose?(span: SpanView): void;
}

/** What a layer may be told of a span. */
export type SpanHook = "onNewSpan" | "onRecord" | "onEnter" | "onExit" | "onClose";

/**
 * A layer behind a filter of its own: it hears of the events and spans that `filter` allows. The
 * fields of hidden spans still belong to the events that are shown.
 *
 * @example Warnings on paper, everything in the count
 * ```ts
 * import { Filter, filtered, LevelCounter, lines, Logger, pretty, Tracer } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const [paper, counter] = [[] as string[], new LevelCounter()];
 * const printer = lines(pretty, (line) => paper.push(line));
 * const clock = { now: () => 0, wall: () => 0 };
 * const layers = [filtered(Filter.parse("warn"), printer), counter];
 * const log = new Logger("net", new Tracer({ clock, layers }));
 * log.debug("connected");
 * log.warn("slow", { ms: 900 });
 * assertEquals(paper, ["00:00:00.000 WARN  net: slow ms=900"]);
 * assertEquals([counter.counts.debug, counter.counts.warn], [1, 1]);
 * ```
 */
export function filtered(filter: Filter, layer: Layer): Layer {
  const gate = (hook: SpanHook) => (span: SpanView) => {
    if (filter.allows(span.level, span.module)) layer[hook]?.(span);
  };
  return {
    least(module) {
      const [mine, its] = [filter.least(module), layer.least?.(module)];
      return its !== undefined && reaches(its, mine) ? its : mine;
    },
    onEvent(event, spans) {
      if (filter.allows(event.level, event.module)) layer.onEvent?.(event, spans);
    },
    onNewSpan: gate("onNewSpan"),
    onRecord: gate("onRecord"),
    onEnter: gate("onEnter"),
    onExit: gate("onExit"),
    onClose: gate("onClose"),
  };
}
