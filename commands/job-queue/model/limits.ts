import type { Rate } from "./pace.ts";

/** How much of something may go on; what is left out is not limited. */
export interface Limit {
  /** How many jobs may run at once. */
  readonly concurrency?: number;
  readonly rate?: Rate;
}

/** The limits of a queue. */
export interface QueueLimits {
  readonly queue: Limit;
  /** Of single types in it. */
  readonly types: Readonly<Record<string, Limit>>;
  /** Of each key in it. */
  readonly key: Limit;
}

export const NO_LIMITS: QueueLimits = { queue: {}, types: {}, key: {} };
