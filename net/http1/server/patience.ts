import { type Context, storeWaker, Timer, type Timers, type Waker } from "../../../runtime/mod.ts";

/** How long a connection waits for its client: one timer, moved from wait to wait. */
export class Patience extends Timer {
  #timers: Timers;
  #waker: Waker | undefined;
  #passed = false;

  constructor(timers: Timers) {
    super();
    this.#timers = timers;
  }

  /** From now on it lasts so long, in milliseconds; `Infinity` is for ever. */
  begin(milliseconds: number): void {
    this.end();
    if (milliseconds < Infinity) this.#timers.set(this, this.#timers.read() + milliseconds);
  }

  /** The wait is over. */
  end(): void {
    this.#timers.cancel(this);
    this.#passed = false;
    this.#waker?.drop();
    this.#waker = undefined;
  }

  /** Whether it has run out; otherwise the waker is woken when it does. */
  pollPassed(cx: Context): boolean {
    if (this.#passed) return true;
    this.#waker = storeWaker(this.#waker, cx.waker);
    return false;
  }

  /** Wakes whoever waits, so that it looks around. */
  wake(): void {
    this.#waker?.wakeByRef();
  }

  fire(): void {
    this.#passed = true;
    this.wake();
  }
}
