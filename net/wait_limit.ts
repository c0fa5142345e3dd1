import { TimedOut, Timer, type Timers } from "../runtime/mod.ts";

/** Whose waits are limited. */
export interface Waiter {
  /** A wait has become too long: whoever waits has to ask again. */
  waitedTooLong(): void;
}

/**
 * How long one half of a stream may keep its user waiting.
 *
 * A wait lasts from the first attempt that would have blocked to the first that did something;
 * giving up in between and asking again does not make it a new one. The timer stays set between
 * waits: an early one merely finds a later deadline and is set once more. So a wait that ends in
 * time costs a few stores, where a future around each wait took 2 % of an echo server's CPU.
 */
export class WaitLimit extends Timer {
  readonly #milliseconds: number;
  readonly #timers: Timers;
  readonly #waiter: Waiter;
  #waiting = false;
  #passed = false;
  #deadline = Infinity;

  constructor(milliseconds: number, timers: Timers, waiter: Waiter) {
    super();
    this.#milliseconds = milliseconds;
    this.#timers = timers;
    this.#waiter = waiter;
  }

  /**
   * An attempt would have blocked.
   *
   * @throws {TimedOut} when the wait has become too long; the next one begins anew
   */
  blocked(what: string): void {
    if (this.#passed) {
      this.moved();
      throw new TimedOut(this.#milliseconds, what);
    }
    if (this.#waiting) return;
    this.#waiting = true;
    this.#deadline = this.#timers.now + this.#milliseconds;
    if (!this.isSet) this.#timers.set(this, this.#deadline);
  }

  /** An attempt did something: the wait, if there was one, is over. */
  moved(): void {
    this.#waiting = false;
    this.#passed = false;
  }

  fire(): void {
    if (!this.#waiting) return;
    if (this.#timers.now < this.#deadline) return this.#timers.set(this, this.#deadline);
    this.#passed = true;
    this.#waiter.waitedTooLong();
  }

  cancel(): void {
    this.#timers.cancel(this);
  }
}
