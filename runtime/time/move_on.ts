import type { Future } from "../core/future.ts";
import type { Spawnable } from "../task/coroutine.ts";
import { deadlineAfter } from "./duration.ts";
import { Limit } from "./limit.ts";

/** What {@link moveOnAfter} answers when time was up. It is a value, not an error. */
export const MovedOn: unique symbol = Symbol("MovedOn");

class MoveOn<T> extends Limit<T | typeof MovedOn> {
  protected override expire(): typeof MovedOn {
    return MovedOn;
  }
}

/**
 * Waits for `body`, but no longer than `milliseconds` from this call, and then answers
 * {@link MovedOn}: for what may be left undone.
 *
 * Only its own deadline is answered so: a `TimedOut` that the body throws is the body's, and is
 * thrown on. For the rest, nested limits among it, as {@link timeout}. The name is trio's.
 *
 * Cancel safety: as the body's. When time is up the body is dropped before the answer.
 *
 * @throws {RangeError} when `milliseconds` is no number
 * @throws {OutsideRuntime} when no task is running
 * @throws {MissingDriver} when the runtime was built without time
 *
 * @example A greeting is welcome, but nobody waits for it long
 * ```ts
 * import { blockOn, moveOnAfter, MovedOn, pending } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const greeting = await blockOn(function* () {
 *   const heard = yield* moveOnAfter<string>(10, pending());
 *   return heard === MovedOn ? "(silence)" : heard;
 * });
 * assertEquals(greeting, "(silence)");
 * ```
 */
export function moveOnAfter<T>(
  milliseconds: number,
  body: Spawnable<T>,
): Future<T | typeof MovedOn> {
  return new MoveOn<T>(deadlineAfter(milliseconds), body);
}

/** Moves on when the clock that `now()` reads shows `deadline`; as {@link moveOnAfter}. */
export function moveOnAt<T>(deadline: number, body: Spawnable<T>): Future<T | typeof MovedOn> {
  return new MoveOn<T>(deadline, body);
}
