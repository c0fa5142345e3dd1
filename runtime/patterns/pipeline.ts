import type { Co, Future } from "../core/future.ts";
import { End, type Item } from "../core/poll.ts";
import { type Scope, scope } from "../combine/scope.ts";
import { mpsc } from "../sync/channel/mpsc.ts";
import type { Receiver } from "../sync/channel/mpsc_receiver.ts";
import type { Sender } from "../sync/channel/mpsc_sender.ts";
import { Mutex } from "../sync/mutex.ts";
import { type Answer, settle } from "./settle.ts";
import { supervise } from "./supervisor.ts";
import type { SupervisorOptions } from "./supervisor_options.ts";

/** How far a stage may be ahead of the next, in items, unless it is said otherwise. */
const DEFAULT_CAPACITY = 16;

/** Where the items come from: something to iterate over, or a coroutine that sends them. */
export type PipelineSource<T> = Iterable<T> | ((out: Sender<T>) => Co<void>);

export interface ChannelOptions {
  /** How many items may wait for the next stage; 16 by default. */
  readonly capacity?: number;
}

export interface StageOptions extends ChannelOptions {
  /** How many items are worked on at once; with more than one their order is not kept. 1 by default. */
  readonly concurrency?: number;
  /** What its workers are called, each with its number; "stage" by default. */
  readonly name?: string;
  /**
   * How workers are restarted that fail; without it, an error ends everything. The item that one
   * has failed with is gone.
   */
  readonly supervised?: SupervisorOptions;
}

/** Handles one item, and sends on what becomes of it. */
type Step<T, U> = (item: T, out: Sender<U>) => Co<void>;

/**
 * Stages that work side by side, connected by bounded channels: what {@link pipeline} returns.
 *
 * It is a plan: nothing happens before `run`, and each run begins anew.
 */
export class Pipeline<T> {
  #begin: (tasks: Scope) => Receiver<T>;

  constructor(begin: (tasks: Scope) => Receiver<T>) {
    this.#begin = begin;
  }

  /**
   * Appends a stage that makes one item of each. `change` may answer a value, or a coroutine or
   * future to be waited for.
   *
   * With a concurrency of 1 the order is kept; otherwise what is ready first goes first.
   *
   * A supervised stage loses an item with the worker that fails at it, and nothing else. When its
   * workers fail too often, the error of `run` is that of their supervisor.
   *
   * @throws {RangeError} when `concurrency` is not a whole number from 1 up
   */
  stage<U>(change: (item: T) => Answer<U>, options: StageOptions = {}): Pipeline<U> {
    return this.#then(function* (item, out) {
      yield* out.send(yield* settle(change(item)));
    }, options);
  }

  /** Appends a stage that lets through what `keep` accepts; otherwise as {@link stage}. */
  filter<U extends T>(keep: (item: T) => item is U, options?: StageOptions): Pipeline<U>;
  filter(keep: (item: T) => Answer<boolean>, options?: StageOptions): Pipeline<T>;
  filter(keep: (item: T) => Answer<boolean>, options: StageOptions = {}): Pipeline<T> {
    return this.#then(function* (item, out) {
      if (yield* settle(keep(item))) yield* out.send(item);
    }, options);
  }

  /**
   * Runs it: each item that comes through is given to `sink`, one at a time. Ends when the source
   * has, and everything that came of it has been dealt with.
   *
   * A stage that is ahead waits until there is room behind it, and so, in the end, does the
   * source. An error, wherever it happens, ends all stages at once.
   *
   * Cancel safety: not safe; dropped, it drops every stage, and what is on its way between them.
   *
   * @throws whatever the source, a stage or the sink threw first
   * @throws {RestartLimit} when a supervised stage gives up
   * @throws {RangeError} when a capacity is neither a whole number from 1 up nor `Infinity`
   */
  run(sink: (item: T) => Answer<void>): Future<void> {
    const begin = this.#begin;
    return scope(function* (tasks) {
      const items = begin(tasks);
      for (let item = yield* items.recv(); item !== End; item = yield* items.recv()) {
        yield* settle(sink(item));
      }
    });
  }

  #then<U>(step: Step<T, U>, options: StageOptions): Pipeline<U> {
    const { capacity = DEFAULT_CAPACITY, concurrency = 1 } = options;
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw new RangeError(`Expected a whole number from 1 up as concurrency, got ${concurrency}`);
    }
    return new Pipeline((tasks) => {
      const input = new Mutex(this.#begin(tasks));
      const [out, output] = mpsc<U>(capacity);
      staff(tasks, out, () => work(input, step, out), options);
      return output;
    });
  }
}

/** Starts a stage's workers. The last one to end closes `out`: the next stage knows it was all. */
function staff(tasks: Scope, out: Sender<unknown>, start: () => Co<void>, options: StageOptions) {
  const { concurrency = 1, name = "stage", supervised } = options;
  const workers = Array.from({ length: concurrency }, (_, i) => ({
    name: `${name} ${i + 1}`,
    restart: "transient" as const,
    start,
  }));
  tasks.spawn(function* () {
    using _closed = out;
    if (supervised !== undefined) return yield* supervise(workers, supervised);
    yield* scope(function* (unsupervised) {
      for (const { name, start } of workers) unsupervised.spawn(start, { name });
    });
  });
}

/** One of a stage's workers. */
function* work<T, U>(input: Mutex<Receiver<T>>, step: Step<T, U>, out: Sender<U>): Co<void> {
  for (let item = yield* take(input); item !== End; item = yield* take(input)) {
    yield* step(item, out);
  }
}

/** Only one can wait on a receiver, so the workers of a stage take turns. */
function* take<T>(input: Mutex<Receiver<T>>): Co<Item<T>> {
  using items = yield* input.lock();
  return yield* items.value.recv();
}

function* produce<T>(source: PipelineSource<T>, out: Sender<T>): Co<void> {
  using _closed = out;
  if (typeof source === "function") return yield* source(out);
  for (const item of source) yield* out.send(item);
}

/**
 * Begins a pipeline: each item of `source` goes through the stages that are appended, all of which
 * work at the same time.
 *
 * @example The squares of even numbers
 * ```ts
 * import { blockOn, pipeline, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const squares: number[] = [];
 * await blockOn(() =>
 *   pipeline([1, 2, 3, 4])
 *     .filter((n) => n % 2 === 0)
 *     .stage(function* (n) {
 *       yield* sleep(1);
 *       return n * n;
 *     }, { capacity: 2 })
 *     .run((square) => void squares.push(square))
 * );
 * assertEquals(squares, [4, 16]);
 * ```
 *
 * @example Workers that are restarted
 * ```ts
 * import { blockOn, pipeline } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const parsed: unknown[] = [];
 * const failures: unknown[] = [];
 * await blockOn(() =>
 *   pipeline(["1", "two", "3"])
 *     .stage((text) => JSON.parse(text), {
 *       name: "parser",
 *       supervised: {
 *         onEvent: (event) => void (event.what === "failed" && failures.push(event.child)),
 *       },
 *     })
 *     .run((value) => void parsed.push(value))
 * );
 * assertEquals([parsed, failures], [[1, 3], ["parser 1"]]);
 * ```
 */
export function pipeline<T>(source: PipelineSource<T>, options: ChannelOptions = {}): Pipeline<T> {
  const { capacity = DEFAULT_CAPACITY } = options;
  return new Pipeline((tasks) => {
    const [out, output] = mpsc<T>(capacity);
    tasks.spawn(produce(source, out), { name: "source" });
    return output;
  });
}
