import type { Context } from "../core/context.ts";
import type { Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { Items } from "./items.ts";
import { Stream } from "./stream.ts";

class FromIterable<T> extends Items<T> {
  #values: Iterable<T>;
  #iterator: Iterator<T> | undefined;

  constructor(values: Iterable<T>) {
    super();
    this.#values = values;
  }

  /** While the iterator runs it is not ours to close: at its end and its error it closes itself. */
  pollNext(): Item<T> {
    const iterator = this.#iterator ?? this.#values[Symbol.iterator]();
    this.#iterator = undefined;
    this.#values = [];
    const step = iterator.next();
    if (step.done) return End;
    this.#iterator = iterator;
    return step.value;
  }

  override drop(): void {
    this.#iterator?.return?.();
    this.#iterator = undefined;
  }
}

/**
 * A stream of an iterable's values, which are there as soon as they are asked for.
 *
 * Iterating begins with the first item that is asked for; dropping the stream after that closes
 * the iterator, so that the `finally` blocks of a generator run.
 *
 * @throws whatever the iterator throws, from `next()`
 *
 * @example
 * ```ts
 * import { blockOn, stream } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const lengths = stream.from(new Set(["one", "two", "three"])).map((word) => word.length);
 * assertEquals(await blockOn(lengths.collect()), [3, 3, 5]);
 * ```
 */
export function from<T>(values: Iterable<T>): Stream<T> {
  return new Stream(new FromIterable(values));
}

/** A stream of one item. */
export function once<T>(item: T): Stream<T> {
  return from([item]);
}

/** A stream that has ended. */
export function empty(): Stream<never> {
  return from([]);
}

class FromPoll<T> extends Items<T> {
  #step: (cx: Context) => Poll<Item<T>>;

  constructor(step: (cx: Context) => Poll<Item<T>>) {
    super();
    this.#step = step;
  }

  pollNext(cx: Context): Poll<Item<T>> {
    return this.#step(cx);
  }
}

/**
 * A stream from a function that is called at each poll. The function owns the contract: `Pending`
 * only after it has seen to a later wake. It is not called again after it answered `End`.
 */
export function fromPoll<T>(step: (cx: Context) => Poll<Item<T>>): Stream<T> {
  return new Stream(new FromPoll(step));
}

/** A stream that never has an item and never ends. */
export function pending(): Stream<never> {
  return fromPoll<never>(() => Pending);
}

/** Where items come from one at a time, such as the receiving half of a channel. */
export interface Receiver<T> {
  recv(): Future<Item<T>>;
  close?(): void;
}

class FromReceiver<T> extends Items<T> {
  #receiver: Receiver<T>;
  #recv: Future<Item<T>> | undefined;

  constructor(receiver: Receiver<T>) {
    super();
    this.#receiver = receiver;
  }

  pollNext(cx: Context): Poll<Item<T>> {
    this.#recv ??= this.#receiver.recv();
    const item = this.#recv.poll(cx);
    if (item !== Pending) this.#recv = undefined;
    return item;
  }

  override drop(): void {
    try {
      this.#recv?.drop();
    } finally {
      this.#receiver.close?.();
    }
  }
}

/**
 * A stream of what a receiver receives. The stream owns it, and closes it when it is dropped or
 * has ended.
 *
 * Cancel safety: safe; a `recv()` that has begun is kept from one `next()` to the following.
 *
 * @throws whatever `recv()` throws, from `next()`; the receiver is closed then
 *
 * @example Anything with a `recv()` will do
 * ```ts
 * import { blockOn, End, ready, stream } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const queue = ["a", "b"];
 * const receiver = { recv: () => ready(queue.shift() ?? End) };
 * assertEquals(await blockOn(stream.fromReceiver(receiver).collect()), ["a", "b"]);
 * ```
 */
export function fromReceiver<T>(receiver: Receiver<T>): Stream<T> {
  return new Stream(new FromReceiver(receiver));
}
