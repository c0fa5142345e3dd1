import type { Outcome } from "../core/context.ts";
import type { Future } from "../core/future.ts";
import type { Spawnable } from "../task/coroutine.ts";
import type { Fields, SpanView } from "./event.ts";
import type { SpanHook } from "./layer.ts";
import type { Level } from "./level.ts";
import { SpanLife } from "./span_life.ts";
import { SpanScope } from "./span_scope.ts";
import type { Tracer } from "./tracer.ts";

/** What a span is made of. */
export interface SpanParts {
  readonly level: Level;
  readonly module: string;
  readonly name: string;
  readonly fields: Fields;
  /** Whether some layer wants to hear of it. */
  readonly told: boolean;
}

/**
 * Something that lasts and has fields, which belong to all that happens inside, across awaits.
 *
 * A {@link Logger} makes it, below the span that is current there. It is entered by `scope` for
 * coroutines and `run` for plain functions, as often as needed and by several tasks at a time, and
 * closes when the last of them has ended or was dropped; one that is never entered never closes.
 * A closed span still lends its fields, but layers hear no more of it.
 *
 * A spawned task begins outside all spans; spawn `span.scope(body)` to take one along.
 *
 * @example A request's number reaches what its handler calls, across awaits
 * ```ts
 * import { blockOn, Logger, realClock, RecordingLayer, sleep, spawn, Tracer } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const recording = new RecordingLayer();
 * const log = new Logger("shop", new Tracer({ clock: realClock, layers: [recording] }));
 *
 * function* pack(thing: string) {
 *   yield* sleep(1);
 *   log.info("packed", { thing });
 * }
 *
 * await blockOn(function* () {
 *   const request = log.span("request", { request: 7 });
 *   yield* request.scope(function* () {
 *     yield* pack("tea");
 *     yield* spawn(request.scope(() => pack("rice")));
 *   });
 * });
 *
 * assertEquals(recording.events.map(({ fields }) => fields), [
 *   { thing: "tea", request: 7 },
 *   { thing: "rice", request: 7 },
 * ]);
 * assertEquals(recording.closed.map(({ name, outcome }) => [name, outcome]), [["request", "value"]]);
 * ```
 */
export class Span implements SpanView {
  readonly id: number;
  readonly parent: SpanView | undefined;
  readonly level: Level;
  readonly module: string;
  readonly name: string;
  readonly at: number;
  #tracer: Tracer;
  #fields: Fields;
  #life: SpanLife;

  constructor(tracer: Tracer, { level, module, name, fields, told }: SpanParts) {
    this.#tracer = tracer;
    this.id = tracer.nextId();
    this.parent = tracer.current.tryGet();
    this.level = level;
    this.module = module;
    this.name = name;
    this.#fields = fields;
    this.at = tracer.clock.wall();
    const tell = told ? (hook: SpanHook) => tracer.tell(hook, this) : undefined;
    this.#life = new SpanLife(tracer.clock, tell);
    this.#life.tell("onNewSpan");
  }

  get fields(): Fields {
    return this.#fields;
  }

  get duration(): number {
    return this.#life.duration;
  }

  get busy(): number {
    return this.#life.busy;
  }

  get outcome(): Outcome | undefined {
    return this.#life.outcome;
  }

  get error(): unknown {
    return this.#life.error;
  }

  /**
   * Puts `body` inside the span: whatever it says while it is polled, and while its cleanup runs,
   * carries the span's fields.
   *
   * Cancel safety: as the body's.
   */
  scope<T>(body: Spawnable<T>): Future<T> {
    return new SpanScope(this.#life, this.#tracer.current.scope<T>(this, body));
  }

  /** Runs a plain function inside the span; what it starts and does not finish is not inside. */
  run<T>(body: () => T): T {
    const life = this.#life;
    let outcome: Outcome = "value";
    life.begin();
    life.enter();
    try {
      return this.#tracer.current.syncScope(this, body);
    } catch (error) {
      outcome = life.fail(error);
      throw error;
    } finally {
      life.exit();
      life.end(outcome);
    }
  }

  /** Adds fields, in place of earlier ones of the same names. */
  record(fields: Fields): void {
    this.#fields = { ...this.#fields, ...fields };
    this.#life.tell("onRecord");
  }
}
