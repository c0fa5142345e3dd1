import { type Context, currentContext, Timer, type Timers } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { assertDuration } from "./duration.ts";
import { storeWaker, type Waker } from "../core/waker.ts";

/** A timer that wakes a task. */
export class WakeTimer extends Timer {
  #waker: Waker | undefined;

  /** Wakes `waker` at `deadline`; replaces what was armed before. */
  arm(timers: Timers, deadline: number, waker: Waker): void {
    this.#waker = storeWaker(this.#waker, waker);
    timers.set(this, deadline);
  }

  disarm(timers: Timers): void {
    timers.cancel(this);
    this.#waker?.drop();
    this.#waker = undefined;
  }

  fire(): void {
    this.#waker?.wakeByRef();
  }
}

class Sleep extends Future<void> {
  #deadline: number;
  #timer = new WakeTimer();
  #timers: Timers | undefined;
  #spent = false;

  constructor(deadline: number) {
    super();
    this.#deadline = deadline;
  }

  poll(cx: Context): Poll<void> {
    if (this.#spent) throw new PolledAfterReady("sleep()");
    this.#timers ??= cx.loop.timers;
    if (this.#timers.now >= this.#deadline) {
      this.#spent = true;
      this.drop();
      return;
    }
    this.#timer.arm(this.#timers, this.#deadline, cx.waker);
    return Pending;
  }

  override drop(): void {
    if (this.#timers !== undefined) this.#timer.disarm(this.#timers);
  }
}

/**
 * Waits for `milliseconds`, counted from this call.
 *
 * Never shorter; longer by a millisecond or two, as the platform's timers are, and by what the
 * loop is busy with. Zero and less are ready at once.
 *
 * Cancel safety: safe; the timer goes with the future.
 *
 * @throws {OutsideRuntime} when no task is running
 * @throws {MissingDriver} when the runtime was built without time
 *
 * @example
 * ```ts
 * import { blockOn, now, sleep } from "wakeful/runtime";
 * import { assert } from "@std/assert";
 *
 * await blockOn(function* () {
 *   const before = now();
 *   yield* sleep(5);
 *   assert(now() - before >= 5);
 * });
 * ```
 */
export function sleep(milliseconds: number): Future<void> {
  assertDuration(milliseconds);
  const { timers } = currentContext().loop;
  return new Sleep(milliseconds > 0 ? timers.read() + milliseconds : -Infinity);
}

/** Waits until the clock of the runtime it is polled on shows `deadline`; as {@link sleep}. */
export function sleepUntil(deadline: number): Future<void> {
  assertDuration(deadline);
  return new Sleep(deadline);
}
