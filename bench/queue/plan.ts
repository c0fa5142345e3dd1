/** What every queue is asked to do. */

export const JOBS = 20_000;
export const IN_FLIGHT = 50;
export const BULK = 1_000;
export const CONCURRENCY = 50;
/** For the time from end to end. */
export const PACED_JOBS = 300;
export const PACE_MS = 10;

const MS_PER_SECOND = 1_000;

/** How often a second `work`, which does `count` of something, does it. */
export async function rateOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return count * MS_PER_SECOND / (performance.now() - begun);
}

/** Does `work` `count` times, so many at once. */
export async function inFlight(
  count: number,
  lanes: number,
  work: (lane: number) => Promise<unknown>,
): Promise<void> {
  let left = count;
  await Promise.all(Array.from({ length: lanes }, async (_, lane) => {
    while (left-- > 0) await work(lane);
  }));
}

export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
