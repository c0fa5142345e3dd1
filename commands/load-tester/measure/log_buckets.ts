/**
 * Buckets whose width grows with their value: eight for each doubling, so that each is known to
 * about 6 %. Small enough for one set per moment of a run, where a full histogram would not be.
 */

const MICROSECONDS_PER_MS = 1_000;
const BITS = 3;
const PER_DOUBLING = 1 << BITS;
const LARGEST_US = 2 ** 31 - 1;
const HIGHEST_BIT = 31;

/** How many there are: from 0 to half an hour. */
export const BUCKETS = bucketOf(LARGEST_US / MICROSECONDS_PER_MS) + 1;

/** The bucket of a duration in milliseconds. */
export function bucketOf(ms: number): number {
  const us = Math.min(Math.max(Math.round(ms * MICROSECONDS_PER_MS), 0), LARGEST_US);
  if (us < PER_DOUBLING) return us;
  const shift = HIGHEST_BIT - Math.clz32(us) - BITS;
  return (shift << BITS) + (us >> shift);
}

/** The middle of a bucket, in milliseconds; what is in it was whole microseconds. */
export function middleOf(bucket: number): number {
  if (bucket < PER_DOUBLING) return bucket / MICROSECONDS_PER_MS;
  const shift = (bucket >> BITS) - 1;
  const mantissa = (bucket & (PER_DOUBLING - 1)) + PER_DOUBLING;
  return ((mantissa + 1 / 2) * 2 ** shift - 1 / 2) / MICROSECONDS_PER_MS;
}

/** What so many per cent of the counted do not exceed, to the middle of a bucket; 0 of none. */
export function percentileOf(counts: ArrayLike<number>, percent: number): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  let left = total * percent / 100;
  for (let i = 0; i < counts.length; i++) {
    left -= counts[i];
    if (left <= 0 && counts[i] > 0) return middleOf(i);
  }
  return 0;
}
