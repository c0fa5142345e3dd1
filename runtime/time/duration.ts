import { currentContext } from "../core/context.ts";

/** @throws {RangeError} when `milliseconds` is not a number, whatever its type says */
export function assertDuration(milliseconds: number): void {
  if (typeof milliseconds !== "number" || Number.isNaN(milliseconds)) {
    throw new RangeError(`Expected a number of milliseconds, got ${milliseconds}`);
  }
}

/**
 * The moment that is `milliseconds` from now, on the clock of the current task's runtime.
 *
 * @throws {RangeError} when `milliseconds` is not a number
 */
export function deadlineAfter(milliseconds: number): number {
  assertDuration(milliseconds);
  return currentContext().loop.timers.read() + milliseconds;
}
