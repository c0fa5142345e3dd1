import { TimedOut } from "../core/errors.ts";
import type { Future } from "../core/future.ts";
import type { Spawnable } from "../task/coroutine.ts";
import { deadlineAfter } from "./duration.ts";
import { Limit } from "./limit.ts";
import { now } from "./now.ts";

class Timeout<T> extends Limit<T> {
  readonly #milliseconds: number;
  readonly #what: string | undefined;

  constructor(deadline: number, milliseconds: number, body: Spawnable<T>, what?: string) {
    super(deadline, body);
    this.#milliseconds = milliseconds;
    this.#what = what;
  }

  protected override expire(): never {
    throw new TimedOut(this.#milliseconds, this.#what, this);
  }
}

/**
 * Waits for `body`, but no longer than `milliseconds` from this call: everything that is awaited
 * inside is bounded by the one deadline.
 *
 * The body is polled before the clock is looked at: what is ready in the tick of its deadline has
 * made it.
 *
 * Nested, the earliest deadline counts. A body never sees the `TimedOut` of a limit around it: it
 * is dropped, and that limit throws outside. The error of an inner limit passes through the outer
 * ones as any other; `error.by` is the future whose limit it was, and `what` is its name.
 * Elsewhere this is called `fail_after`; {@link moveOnAfter} answers instead of throwing.
 *
 * Cancel safety: as the body's. When time is up the body is dropped before the error is thrown.
 *
 * @param what names the body in the error
 * @throws {TimedOut} when the time is up
 * @throws {RangeError} when `milliseconds` is no number
 * @throws {OutsideRuntime} when no task is running
 * @throws {MissingDriver} when the runtime was built without time
 *
 * @example Whose time was up?
 * ```ts
 * import { blockOn, pending, sleep, TimedOut, timeout } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const seen = await blockOn(function* () {
 *   const attempt = timeout(10, pending(), "an answer");
 *   try {
 *     yield* timeout(60_000, attempt, "the whole job");
 *   } catch (error) {
 *     if (error instanceof TimedOut && error.by === attempt) return error.message;
 *     throw error;
 *   }
 * });
 * assertEquals(seen, "Timed out after 10 ms of waiting for an answer");
 * ```
 */
export function timeout<T>(milliseconds: number, body: Spawnable<T>, what?: string): Future<T> {
  return new Timeout(deadlineAfter(milliseconds), milliseconds, body, what);
}

/** Waits for `body` until the clock that `now()` reads shows `deadline`; as {@link timeout}. */
export function timeoutAt<T>(deadline: number, body: Spawnable<T>, what?: string): Future<T> {
  const milliseconds = Math.max(0, Math.round(deadline - now()));
  return new Timeout(deadline, milliseconds, body, what);
}
