import type { Context } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { storeWaker, type Waker } from "../core/waker.ts";
import type { Spawnable } from "../task/coroutine.ts";
import { spawn } from "../task/spawn.ts";

/** A promise, or a function that starts the work and heeds the signal. */
export type PromiseSource<T> = PromiseLike<T> | ((signal: AbortSignal) => PromiseLike<T>);

class FromPromise<T> extends Future<T> {
  /** The work that has not begun. */
  #start: ((signal: AbortSignal) => PromiseLike<T>) | undefined;
  #abort: AbortController | undefined;
  #outcome: { value: T } | { error: unknown } | undefined;
  #waker: Waker | undefined;
  #spent = false;

  constructor(source: PromiseSource<T>) {
    super();
    if (typeof source === "function") this.#start = source;
    else this.#listen(source); // at once, so that its error is never unhandled
  }

  poll(cx: Context): Poll<T> {
    if (this.#spent) throw new PolledAfterReady("fromPromise()");
    if (this.#start !== undefined) this.#begin(this.#start);
    if (this.#outcome === undefined) {
      this.#waker = storeWaker(this.#waker, cx.waker);
      return Pending;
    }
    this.#spent = true;
    this.#forget();
    if ("error" in this.#outcome) throw this.#outcome.error;
    return this.#outcome.value;
  }

  override drop(): void {
    if (this.#spent) return;
    this.#spent = true;
    this.#forget();
    this.#abort?.abort();
  }

  #begin(start: (signal: AbortSignal) => PromiseLike<T>): void {
    this.#start = undefined;
    this.#abort = new AbortController();
    try {
      this.#listen(start(this.#abort.signal));
    } catch (error) {
      this.#spent = true;
      throw error;
    }
  }

  #listen(promise: PromiseLike<T>): void {
    promise.then(
      (value) => this.#settle({ value }),
      (error) => this.#settle({ error }),
    );
  }

  #settle(outcome: { value: T } | { error: unknown }): void {
    this.#outcome = outcome;
    this.#waker?.wakeByRef();
  }

  #forget(): void {
    this.#waker?.drop();
    this.#waker = undefined;
  }
}

/**
 * A promise as a future.
 *
 * A function is called at the first poll and given a signal, which fires when the future is
 * dropped; so the work starts late and can be called off. A promise that was started elsewhere
 * cannot: dropping only stops the wait, and its outcome, an error too, is ignored.
 *
 * Cancel safety: safe in this sense: the promise is told, or its outcome ignored.
 *
 * @throws whatever the promise rejects with
 *
 * @example Wait for the platform
 * ```ts
 * import { blockOn, fromPromise } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const text = await blockOn(function* () {
 *   return yield* fromPromise(() => new Response("hello").text());
 * });
 * assertEquals(text, "hello");
 * ```
 */
export function fromPromise<T>(source: PromiseSource<T>): Future<T> {
  return new FromPromise(source);
}

/**
 * Runs `body` as a task beside the current one and promises its outcome to async code.
 *
 * @throws {OutsideRuntime} when no task is running; a runtime's `spawn` returns a handle that can
 * be awaited
 */
export function toPromise<T>(body: Spawnable<T>): Promise<T> {
  return spawn(body).then();
}
