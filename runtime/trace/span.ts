import type { Context, Outcome } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import type { Spawnable } from "../task/coroutine.ts";
import type { Fields, SpanView } from "./event.ts";
import type { Level } from "./level.ts";
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

const WORST_FIRST: readonly Outcome[] = ["error", "aborted", "value"];

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
  /** Whether some layer wants to hear of it, and it is not closed. */
  #told: boolean;
  /** Scopes and runs that have not ended, and how many of them run at this moment. */
  #open = 0;
  #depth = 0;
  #began: number;
  #enteredAt = 0;
  #duration: number | undefined;
  #busy = 0;
  #worst: Outcome = "value";
  #error: unknown;

  constructor(tracer: Tracer, { level, module, name, fields, told }: SpanParts) {
    this.#tracer = tracer;
    this.id = tracer.nextId();
    this.parent = tracer.current.tryGet();
    this.level = level;
    this.module = module;
    this.name = name;
    this.#fields = fields;
    this.at = tracer.clock.wall();
    this.#began = tracer.clock.now();
    this.#told = told;
    if (told) tracer.tell("onNewSpan", this);
  }

  get fields(): Fields {
    return this.#fields;
  }

  get duration(): number {
    return this.#duration ?? this.#tracer.clock.now() - this.#began;
  }

  get busy(): number {
    return this.#busy;
  }

  get outcome(): Outcome | undefined {
    return this.#duration === undefined ? undefined : this.#worst;
  }

  get error(): unknown {
    return this.#error;
  }

  /**
   * Puts `body` inside the span: whatever it says while it is polled, and while its cleanup runs,
   * carries the span's fields.
   *
   * Cancel safety: as the body's.
   */
  scope<T>(body: Spawnable<T>): Future<T> {
    return new SpanScope(this, this.#tracer.current.scope<T>(this, body));
  }

  /** Runs a plain function inside the span. */
  run<T>(body: () => T): T {
    this.begin();
    this.enter();
    let outcome: Outcome = "value";
    try {
      return this.#tracer.current.syncScope(this, body);
    } catch (error) {
      outcome = this.fail(error);
      throw error;
    } finally {
      this.exit();
      this.end(outcome);
    }
  }

  /** Adds fields, in place of earlier ones of the same names. */
  record(fields: Fields): void {
    this.#fields = { ...this.#fields, ...fields };
    if (this.#told) this.#tracer.tell("onRecord", this);
  }

  /** One more scope holds the span open. For scopes. */
  begin(): void {
    this.#open++;
  }

  /** A scope begins to run. For scopes. */
  enter(): void {
    if (this.#depth++ > 0 || !this.#told) return;
    this.#enteredAt = this.#tracer.clock.now();
    this.#tracer.tell("onEnter", this);
  }

  /** A scope stops running. For scopes. */
  exit(): void {
    if (--this.#depth > 0 || !this.#told) return;
    this.#busy += this.#tracer.clock.now() - this.#enteredAt;
    this.#tracer.tell("onExit", this);
  }

  /** An error comes out of a scope. For scopes. */
  fail(error: unknown): Outcome {
    if (this.outcome === undefined) this.#error ??= error;
    return "error";
  }

  /** A scope has ended; with the last one the span closes. For scopes. */
  end(outcome: Outcome): void {
    this.#open--;
    if (this.#duration !== undefined) return;
    this.#worst = WORST_FIRST.find((word) => word === outcome || word === this.#worst)!;
    if (this.#open > 0) return;
    this.#duration = this.duration;
    if (this.#told) this.#tracer.tell("onClose", this);
    this.#told = false;
  }
}

/** A body inside a span, which holds it open until the body has ended or is dropped. */
class SpanScope<T> extends Future<T> {
  #span: Span;
  #body: Future<T>;
  #ended = false;

  constructor(span: Span, body: Future<T>) {
    super();
    this.#span = span;
    this.#body = body;
    span.begin();
  }

  poll(cx: Context): Poll<T> {
    if (this.#ended) throw new PolledAfterReady("a span's scope()");
    let outcome: Outcome | undefined;
    this.#span.enter();
    try {
      const polled = this.#body.poll(cx);
      if (polled !== Pending) outcome = "value";
      return polled;
    } catch (error) {
      outcome = this.#span.fail(error);
      throw error;
    } finally {
      this.#span.exit();
      if (outcome !== undefined) this.#end(outcome);
    }
  }

  override drop(): void {
    if (this.#ended) return;
    let outcome: Outcome = "aborted";
    this.#span.enter();
    try {
      this.#body.drop();
    } catch (error) {
      outcome = this.#span.fail(error);
      throw error;
    } finally {
      this.#span.exit();
      this.#end(outcome);
    }
  }

  /** Once, also when the body dropped its own scope while it was polled. */
  #end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#span.end(outcome);
  }
}
