import { TimerWheel } from "../collections/timer_wheel.ts";
import type { Timer, Timers } from "../core/context.ts";
import type { Clock } from "./clock.ts";
import { PausableClock } from "./paused_clock.ts";

/** One tick of the wheel. It makes timers late by at most this much, and never early. */
const TICK_MS = 1;

/** The timers of one runtime: a wheel, and the clock that turns it. */
export class TimerQueue implements Timers {
  #clock: PausableClock;
  #wheel: TimerWheel<Timer>;
  now: number;

  constructor(clock: Clock) {
    this.#clock = clock instanceof PausableClock ? clock : new PausableClock(clock);
    this.now = this.#clock.now();
    this.#wheel = new TimerWheel(Math.floor(this.now / TICK_MS));
  }

  /** How many timers are set. */
  get size(): number {
    return this.#wheel.size;
  }

  read(): number {
    return this.#clock.now();
  }

  wall(): number {
    return this.#clock.wall();
  }

  /** A deadline of `Infinity` never comes: then the timer is not set. */
  set(timer: Timer, deadline: number): void {
    if (deadline === Infinity) return this.cancel(timer);
    this.#wheel.set(timer, Math.ceil(deadline / TICK_MS));
  }

  cancel(timer: Timer): void {
    this.#wheel.cancel(timer);
  }

  /** Whether the clock stands. */
  get paused(): boolean {
    return this.#clock.paused;
  }

  pause(): void {
    this.#clock.pause();
  }

  resume(): void {
    this.#clock.resume();
  }

  advance(milliseconds: number): void {
    this.#clock.advance(milliseconds);
    this.turn();
  }

  /** Jumps to the next deadline, of which there must be one. */
  jump(): void {
    this.advance(Math.max(0, this.next() - this.#clock.now()));
  }

  /** Reads the clock for this turn and fires what is due. */
  turn(): void {
    this.now = this.#clock.now();
    // Also when it is empty: a timer is placed by the hand, which must not lag behind.
    this.#wheel.advance(Math.floor(this.now / TICK_MS), fire);
  }

  /** When `turn` next has something to do; `Infinity` when no timer is set. */
  next(): number {
    return this.#wheel.next() * TICK_MS;
  }
}

function fire(timer: Timer): void {
  timer.fire();
}
