/** What one step of priority is worth, in milliseconds of waiting. */
const STEP_MS = 60_000;

export const LEAST_PRIORITY = -100;
export const GREATEST_PRIORITY = 100;

/**
 * The place of a pending job among those it competes with: the lowest goes first.
 *
 * All jobs age alike, so their order never changes while they wait and can stand in an index. A
 * step of priority counts as a minute of having waited: urgent jobs overtake, and nobody starves.
 */
export function rankOf(readyAt: number, priority: number): number {
  return readyAt - priority * STEP_MS;
}
