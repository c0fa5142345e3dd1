import { TaskLocal } from "../task/task_local.ts";
import type { Clock } from "../time/clock.ts";
import type { SpanView, TraceEvent } from "./event.ts";
import type { Filter } from "./filter.ts";
import { filtered, type Layer, type SpanHook } from "./layer.ts";
import { RANKS } from "./level.ts";

export interface TracerParts {
  /** When things happen and how long they last; it need not be a runtime's. */
  readonly clock: Clock;
  readonly layers: readonly Layer[];
  /** Stands in front of all layers. */
  readonly filter?: Filter;
  /** Told of the first error of each layer; stderr by default. */
  readonly onLayerError?: (error: unknown) => void;
}

/** The rank above all levels: nothing is wanted. */
const NOTHING = -1;

/**
 * Takes events and spans from loggers and hands them to its layers, in their order.
 *
 * Programs speak through a {@link Logger}; a tracer is what several of them share. Each has its
 * own current span, so that two tracers in one program do not see each other's.
 *
 * @example
 * ```ts
 * import { Filter, json, lines, Logger, Tracer } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const out: string[] = [];
 * const tracer = new Tracer({
 *   clock: { now: () => 0, wall: () => 0 },
 *   filter: Filter.parse("info"),
 *   layers: [lines(json, (line) => out.push(line))],
 * });
 * const log = new Logger("cook", tracer);
 * log.span("order", { table: 4 }).run(() => log.info("served", { dish: "soup" }));
 * assertEquals(JSON.parse(out[0]), {
 *   at: "1970-01-01T00:00:00.000Z",
 *   level: "info",
 *   module: "cook",
 *   spans: ["order"],
 *   message: "served",
 *   dish: "soup",
 *   table: 4,
 * });
 * ```
 */
export class Tracer {
  readonly clock: Clock;
  /** The innermost span of the code that runs. For loggers and spans. */
  readonly current: TaskLocal<SpanView> = new TaskLocal<SpanView>("current span");
  #layers: readonly Layer[];
  #failed = new Set<Layer>();
  #onLayerError: (error: unknown) => void;
  #lastId = 0;

  constructor({ clock, layers, filter, onLayerError = reportOnStderr }: TracerParts) {
    this.clock = clock;
    this.#layers = filter ? layers.map((layer) => filtered(filter, layer)) : [...layers];
    this.#onLayerError = onLayerError;
  }

  /** The rank of the least important level that some layer wants of `module`. */
  reach(module: string): number {
    const ranks = this.#layers.map((layer) => RANKS[layer.least?.(module) ?? "trace"]);
    return Math.max(NOTHING, ...ranks);
  }

  /** The current span and those around it, outermost first. */
  spans(): readonly SpanView[] {
    const inward: SpanView[] = [];
    for (let span = this.current.tryGet(); span !== undefined; span = span.parent) {
      inward.push(span);
    }
    return inward.reverse();
  }

  /** A number for a new span. */
  nextId(): number {
    return ++this.#lastId;
  }

  /** Hands an event to every layer. */
  emit(event: TraceEvent): void {
    const spans = this.spans();
    for (const layer of this.#layers) {
      try {
        layer.onEvent?.(event, spans);
      } catch (error) {
        this.#report(layer, error);
      }
    }
  }

  /** Tells every layer about a span. */
  tell(hook: SpanHook, span: SpanView): void {
    for (const layer of this.#layers) {
      try {
        layer[hook]?.(span);
      } catch (error) {
        this.#report(layer, error);
      }
    }
  }

  #report(layer: Layer, error: unknown): void {
    if (this.#failed.has(layer)) return;
    this.#failed.add(layer);
    try {
      this.#onLayerError(error);
    } catch {
      // There is nobody left to tell, and the program must not suffer from its observers.
    }
  }
}

function reportOnStderr(error: unknown): void {
  console.error("wakeful: a tracing layer failed; its further errors are not shown:", error);
}
