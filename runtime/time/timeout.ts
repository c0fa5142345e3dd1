import { type Context, currentContext, type Timers } from "../core/context.ts";
import { PolledAfterReady, TimedOut } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import { assertDuration } from "./duration.ts";
import { WakeTimer } from "./sleep.ts";

class Timeout<T> extends Future<T> {
  readonly #timers: Timers;
  readonly #limit: number;
  readonly #deadline: number;
  #inner: Future<T> | undefined;
  #timer = new WakeTimer();

  constructor(limit: number, inner: Future<T>) {
    super();
    assertDuration(limit);
    this.#timers = currentContext().loop.timers;
    this.#limit = limit;
    this.#inner = inner;
    this.#deadline = this.#timers.read() + limit;
  }

  poll(cx: Context): Poll<T> {
    const inner = this.#inner;
    if (inner === undefined) throw new PolledAfterReady("a timeout");
    let polled: Poll<T>;
    try {
      polled = inner.poll(cx);
    } catch (error) {
      this.#inner = undefined;
      this.#timer.disarm(this.#timers);
      throw error;
    }
    if (polled !== Pending) {
      this.#inner = undefined;
      this.#timer.disarm(this.#timers);
      return polled;
    }
    if (this.#timers.now >= this.#deadline) {
      this.drop();
      throw new TimedOut(this.#limit);
    }
    this.#timer.arm(this.#timers, this.#deadline, cx.waker);
    return Pending;
  }

  override drop(): void {
    const inner = this.#inner;
    this.#inner = undefined;
    this.#timer.disarm(this.#timers);
    inner?.drop();
  }
}

/**
 * Waits for `body`, but no longer than `milliseconds` from this call.
 *
 * The body is polled before the clock is looked at: what is ready in the tick of its deadline has
 * made it.
 *
 * Cancel safety: as the body's. When time is up the body is dropped before the error is thrown.
 *
 * @throws {TimedOut} when the time is up
 * @throws {OutsideRuntime} when no task is running
 * @throws {MissingDriver} when the runtime was built without time
 *
 * @example Give up after ten milliseconds
 * ```ts
 * import { blockOn, pending, TimedOut, timeout } from "wakeful/runtime";
 * import { assert } from "@std/assert";
 *
 * const caught = await blockOn(function* () {
 *   try {
 *     return yield* timeout(10, pending());
 *   } catch (error) {
 *     return error;
 *   }
 * });
 * assert(caught instanceof TimedOut);
 * ```
 */
export function timeout<T>(milliseconds: number, body: Spawnable<T>): Future<T> {
  return new Timeout(milliseconds, intoFuture(body));
}
