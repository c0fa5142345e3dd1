import { currentContext, type Timers } from "../core/context.ts";
import type { Co } from "../core/future.ts";
import { yieldNow } from "../task/yield_now.ts";

/**
 * Stops the clock of the current task's runtime.
 *
 * While it stands, time moves by itself: whenever every task waits, it jumps to the next deadline,
 * so that a program full of sleeps runs in the order of its deadlines and in no real time. Before
 * each jump the platform gets one turn; I/O and foreign promises that take longer see time pass
 * by. Pausing twice is allowed.
 *
 * @throws {OutsideRuntime} when no task is running
 * @throws {MissingDriver} when the runtime was built without time
 *
 * @example An hour in no time
 * ```ts
 * import { blockOn, now, pause, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   pause();
 *   const before = now();
 *   yield* sleep(3_600_000);
 *   assertEquals(now() - before, 3_600_000);
 * });
 * ```
 */
export function pause(): void {
  timers().pause();
}

/** Lets the clock of the current task's runtime run again, from where it stands. Errors as {@link pause}. */
export function resume(): void {
  timers().resume();
}

/**
 * Moves a paused clock forward at once, as when the machine was suspended: whatever was due on the
 * way happens now, late. (To move step by step, `sleep`.) Returns when the tasks that this woke
 * have run once.
 *
 * Cancel safety: safe; the clock has moved already.
 *
 * @throws {Misuse} when the clock is not paused; otherwise as {@link pause}
 */
export function* advance(milliseconds: number): Co<void> {
  timers().advance(milliseconds);
  yield* yieldNow();
}

function timers(): Timers {
  return currentContext().loop.timers;
}
