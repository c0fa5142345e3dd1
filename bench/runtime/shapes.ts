/** What all contestants of a case have in common. */

/** Who sends through the bounded channel, and how many messages it holds. */
export const PRODUCERS = 4;
export const ROOM = 128;

const LONGEST_DELAY_MS = 100;

/** How long the `i`th sleeper sleeps: 1 to 100 ms. */
export function delayOf(i: number): number {
  return 1 + i % LONGEST_DELAY_MS;
}
