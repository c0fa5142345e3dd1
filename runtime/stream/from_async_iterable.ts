import type { Context, Loop } from "../core/context.ts";
import type { Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { fromPromise } from "../interop/promise.ts";
import { Items } from "./items.ts";
import { Stream } from "./stream.ts";

class FromAsyncIterable<T> extends Items<T> {
  #values: AsyncIterable<T>;
  #iterator: AsyncIterator<T> | undefined;
  /** The one call of the iterator's `next` that is under way. */
  #step: Future<IteratorResult<T>> | undefined;
  #finished = false;
  #loop: Loop | undefined;

  constructor(values: AsyncIterable<T>) {
    super();
    this.#values = values;
  }

  pollNext(cx: Context): Poll<Item<T>> {
    this.#loop = cx.loop;
    this.#finished = true; // stays so when it throws: the iterator has closed itself
    this.#iterator ??= this.#values[Symbol.asyncIterator]();
    this.#step ??= fromPromise(this.#iterator.next());
    const step = this.#step.poll(cx);
    this.#finished = step !== Pending && step.done === true;
    if (step === Pending) return Pending;
    this.#step = undefined;
    return step.done ? End : step.value;
  }

  override drop(): void {
    this.#step?.drop();
    if (this.#finished) return;
    this.#finished = true;
    this.#iterator?.return?.().then(undefined, this.#report);
  }

  /** Dropping cannot wait for the iterator's cleanup, so what that throws is reported. */
  #report = (error: unknown): void => {
    this.#loop?.orphan({ name: "cleanup of an async iterable", error, claimed: false });
  };
}

/**
 * A stream of an async iterable's values: an async generator's, a `ReadableStream`'s.
 *
 * Only one value is asked for at a time, and only when the stream is. Dropping the stream calls
 * the iterator's `return()`, which cancels a `ReadableStream`, and does not wait for it.
 *
 * Cancel safety: safe; a value that has been asked for is kept from one `next()` to the following.
 *
 * @throws whatever the iterator rejects with, from `next()`
 *
 * @example
 * ```ts
 * import { blockOn, stream } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const text = new Blob(["a stream of the platform"]).stream().pipeThrough(new TextDecoderStream());
 * const words = stream.fromAsyncIterable(text).map((part) => part.split(" ").length);
 * assertEquals(await blockOn(words.collect()), [5]);
 * ```
 */
export function fromAsyncIterable<T>(values: AsyncIterable<T>): Stream<T> {
  return new Stream(new FromAsyncIterable(values));
}
