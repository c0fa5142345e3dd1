/** How much a client may say. */
export interface Pace {
  /** How much a second, for ever. */
  readonly rate: number;
  /** How much at once, after a silence. */
  readonly burst: number;
}

const MS_PER_SECOND = 1_000;

/**
 * A token bucket: `burst` at once, refilled at `rate` a second. Whoever asks for more waits.
 *
 * It reads no clock; moments are in milliseconds. What is dearer than a full bucket costs a full
 * bucket.
 */
export class FloodBudget {
  readonly #pace: Pace;
  #tokens: number;
  #at: number;

  constructor(pace: Pace, now: number) {
    this.#pace = pace;
    this.#tokens = pace.burst;
    this.#at = now;
  }

  /** Takes `cost` if it is there. */
  tryTake(cost: number, now: number): boolean {
    this.#refill(now);
    const price = Math.min(cost, this.#pace.burst);
    if (this.#tokens < price) return false;
    this.#tokens -= price;
    return true;
  }

  /** When `cost` will be there if nothing else is taken before. */
  readyAt(cost: number, now: number): number {
    this.#refill(now);
    const missing = Math.min(cost, this.#pace.burst) - this.#tokens;
    return missing <= 0 ? now : now + Math.ceil(missing / this.#pace.rate * MS_PER_SECOND);
  }

  /** Whether it is as good as new. */
  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens === this.#pace.burst;
  }

  #refill(now: number): void {
    const earned = Math.max(0, now - this.#at) / MS_PER_SECOND * this.#pace.rate;
    this.#tokens = Math.min(this.#pace.burst, this.#tokens + earned);
    this.#at = Math.max(this.#at, now);
  }
}
