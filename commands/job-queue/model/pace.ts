/** How often something may begin: up to `count` at once, then one every `per / count` milliseconds. */
export interface Rate {
  readonly count: number;
  readonly per: number;
}

/**
 * A rate limit as one number, the moment at which everything allowed so far would be used up: the
 * generic cell rate algorithm of ATM Forum TM 4.0, §4.4.2. Up to `count` may begin at once.
 */
export function paceReadyAt(usedUpTo: number, rate: Rate): number {
  return usedUpTo - rate.per + rate.per / rate.count;
}

/** The number after one more has begun at `now`. */
export function paceAfter(usedUpTo: number, rate: Rate, now: number): number {
  return Math.max(usedUpTo, now) + rate.per / rate.count;
}
