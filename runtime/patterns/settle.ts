import { type Co, Future } from "../core/future.ts";
import { isGenerator } from "../task/coroutine.ts";

/** What a function that was handed in may answer: a value, or what has to be waited for first. */
export type Answer<T> = T | Future<T> | Co<T>;

/**
 * The value of an answer, once it is there.
 *
 * Cancel safety: as that of what is waited for, which is dropped.
 *
 * @throws {TypeError} when it is a promise, which nothing could cancel
 */
export function* settle<T>(answer: Answer<T>): Co<T> {
  if (answer instanceof Future || isGenerator<T>(answer)) return yield* answer as Future<T>;
  if (answer instanceof Promise) {
    throw new TypeError("Cannot wait for a promise: answer fromPromise(promise)");
  }
  return answer as T;
}
