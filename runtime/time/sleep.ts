import { type Context, currentContext, Timer, type Timers } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { storeWaker, type Waker } from "../core/waker.ts";
import { assertDuration } from "./duration.ts";

/** A timer that wakes a task. */
export class WakeTimer extends Timer {
  #waker: Waker | undefined;

  /** Wakes `waker` at `deadline`; replaces what was armed before. */
  arm(timers: Timers, deadline: number, waker: Waker): void {
    this.#waker = storeWaker(this.#waker, waker);
    timers.set(this, deadline);
  }

  /** Moves the deadline; does nothing when nobody waits. */
  move(timers: Timers, deadline: number): void {
    if (this.#waker !== undefined) timers.set(this, deadline);
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

/**
 * A wait for a moment, which can be moved and begun again: what {@link sleep} returns.
 *
 * As every future it belongs to one task at a time: polled by two in turn, it wakes the latter.
 *
 * Cancel safety: safe; the timer goes with the future.
 *
 * @example One timer, put off at each sign of life
 * ```ts
 * import { blockOn, now, sleep } from "wakeful/runtime";
 * import { assert } from "@std/assert";
 *
 * await blockOn(function* () {
 *   const begin = now();
 *   const idle = sleep(5);
 *   idle.reset(begin + 10);
 *   yield* idle;
 *   assert(idle.isElapsed && now() >= begin + 10);
 * });
 * ```
 */
export class Sleep extends Future<void> {
  #deadline: number;
  #timer = new WakeTimer();
  #timers: Timers | undefined;
  #elapsed = false;

  /** Waits until the clock of the runtime it is polled on shows `deadline`. */
  constructor(deadline: number) {
    super();
    assertDuration(deadline);
    this.#deadline = deadline;
  }

  /** When it is over, on the clock that `now()` shows. */
  get deadline(): number {
    return this.#deadline;
  }

  /** Whether it has answered that it is over: then it may be polled again only after a reset. */
  get isElapsed(): boolean {
    return this.#elapsed;
  }

  /**
   * Waits until `deadline` instead, also when it was over. Whoever waits for it need not poll
   * again to be woken then.
   *
   * @throws {RangeError} when `deadline` is no number
   */
  reset(deadline: number): void {
    assertDuration(deadline);
    this.#deadline = deadline;
    this.#elapsed = false;
    if (this.#timers !== undefined) this.#timer.move(this.#timers, deadline);
  }

  poll(cx: Context): Poll<void> {
    if (this.#elapsed) throw new PolledAfterReady("sleep()");
    this.#timers ??= cx.loop.timers;
    if (this.#timers.now >= this.#deadline) {
      this.#elapsed = true;
      this.drop();
      return;
    }
    this.#timer.arm(this.#timers, this.#deadline, cx.waker);
    return Pending;
  }

  override toString(): string {
    return `sleep until ${this.deadline}`;
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
export function sleep(milliseconds: number): Sleep {
  assertDuration(milliseconds);
  const { timers } = currentContext().loop;
  return new Sleep(milliseconds > 0 ? timers.read() + milliseconds : timers.now);
}

/** Waits until the clock of the runtime it is polled on shows `deadline`; as {@link sleep}. */
export function sleepUntil(deadline: number): Sleep {
  return new Sleep(deadline);
}
