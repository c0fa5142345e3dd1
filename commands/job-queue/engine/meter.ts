import type { JobEvent } from "../model/command.ts";

const MS_PER_SECOND = 1_000;
/** What throughput is the average of. */
const SECONDS = 10;
/** Upper ends of the buckets of a histogram, in milliseconds. */
export const BUCKETS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
  ...[10_000, 30_000, 60_000, 300_000],
];

/** How long attempts took: how many in each bucket, and what is beyond them at the end. */
export class Histogram {
  readonly counts: number[] = new Array(BUCKETS_MS.length + 1).fill(0);
  sum = 0;
  count = 0;

  add(milliseconds: number): void {
    const bucket = BUCKETS_MS.findIndex((end) => milliseconds <= end);
    this.counts[bucket < 0 ? BUCKETS_MS.length : bucket]++;
    this.sum += milliseconds;
    this.count++;
  }
}

/** How many jobs were completed in each of the last seconds, and how long they took. */
export class Meter {
  readonly took: Histogram = new Histogram();
  #seconds: number[] = new Array(SECONDS).fill(0);
  #latest = 0;

  /** @param at milliseconds of the steady clock */
  note(events: readonly JobEvent[], at: number): void {
    this.#turnTo(at);
    for (const { event, took } of events) {
      if (event !== "JobCompleted") continue;
      this.#seconds[this.#latest % SECONDS]++;
      this.took.add(took ?? 0);
    }
  }

  /** Jobs completed a second, over the last ten. */
  throughput(at: number): number {
    this.#turnTo(at);
    return this.#seconds.reduce((sum, count) => sum + count, 0) / SECONDS;
  }

  #turnTo(at: number): void {
    const second = Math.floor(at / MS_PER_SECOND);
    const from = Math.max(this.#latest + 1, second - SECONDS + 1);
    for (let one = from; one <= second; one++) this.#seconds[one % SECONDS] = 0;
    this.#latest = Math.max(this.#latest, second);
  }
}
