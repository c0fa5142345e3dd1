import type { Clock } from "../../../runtime/mod.ts";

/**
 * A smaller difference between the clocks is drift, and followed without a word. A clock that is
 * steered gains half a millisecond a second at most; one that is further off is set.
 */
export const LARGEST_DRIFT_MS = 100;

/**
 * The store's time: that of day, as long as it goes like a clock.
 *
 * When the time of day jumps, leases must not: whoever holds a job has not waited any longer. So
 * a jump is noticed by the clock that never jumps, and told.
 */
export class StoreClock {
  #clock: Clock;
  #wall: number;
  #steady: number;
  #time: number;

  /** @param last the store's time when it was used last */
  constructor(clock: Clock, readonly last: number) {
    this.#clock = clock;
    this.#wall = clock.wall();
    this.#steady = clock.now();
    this.#time = Math.floor(this.#wall);
  }

  /** By how much the time of day stands behind the store's own last time: it was set back. */
  get setBackBy(): number {
    return this.last - this.#time > LARGEST_DRIFT_MS ? this.last - this.#time : 0;
  }

  /** As of the last `read`, or later. */
  peek(): number {
    return Math.max(this.#time, Math.floor(this.#clock.wall()));
  }

  /** The time now, and by how much it has jumped since it was read last. */
  read(): { readonly now: number; readonly jump: number } {
    const [wall, steady] = [this.#clock.wall(), this.#clock.now()];
    const difference = (wall - this.#wall) - (steady - this.#steady);
    [this.#wall, this.#steady] = [wall, steady];
    const jump = Math.abs(difference) > LARGEST_DRIFT_MS ? Math.round(difference) : 0;
    this.#time = jump === 0 ? Math.max(this.#time, Math.floor(wall)) : Math.floor(wall);
    return { now: this.#time, jump };
  }
}
