import { type Co, Future } from "../core/future.ts";
import { isGenerator } from "../task/coroutine.ts";

/** What a function that was handed in may answer: a value, or what has to be waited for first. */
export type Answer<T> = T | Future<T> | Co<T>;

/**
 * The value of an answer, once it is there: for calling functions that may or may not wait.
 *
 * Cancel safety: as that of what is waited for, which is dropped.
 *
 * @throws {TypeError} when it is a promise, which nothing could cancel
 * @throws whatever is waited for throws
 *
 * @example
 * ```ts
 * import { blockOn, settle, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const seen = await blockOn(function* () {
 *   const at = yield* settle(7);
 *   yield* settle(sleep(1));
 *   return at;
 * });
 * assertEquals(seen, 7);
 * ```
 */
export function* settle<T>(answer: Answer<T>): Co<T> {
  if (answer instanceof Future || isGenerator<T>(answer)) return yield* answer as Future<T>;
  if (answer instanceof Promise) {
    throw new TypeError("Cannot wait for a promise: answer fromPromise(promise)");
  }
  return answer as T;
}
