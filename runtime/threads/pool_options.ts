import type { Timers } from "../core/context.ts";

export interface WorkStealingPoolOptions {
  /** How many threads; one for each processor by default. */
  readonly threads?: number;
  /** How many tasks can be queued or running; the next power of two counts, 1,024 by default. */
  readonly queue?: number;
  /** How many bytes of arguments or result have room in a task; larger ones go by message. */
  readonly payload?: number;
  /** How long plain code may ignore an abort, in milliseconds; needs `timers`. */
  readonly grace?: number;
  /** The clock by which the grace is measured; without one, an abort ends the thread at once. */
  readonly timers?: Timers;
  /** Told of each thread that has died and was replaced. */
  readonly onThreadDied?: (seat: number, error: unknown) => void;
}

/** What one worker has done so far. */
export interface WorkerStatistics {
  /** Calls that it has run to their end. */
  readonly ran: number;
  /** Tasks that it took from another worker. */
  readonly stolen: number;
  /** How often it has rested. */
  readonly parked: number;
}

export const DEFAULT_QUEUE = 1024;
export const DEFAULT_PAYLOAD = 1024;
export const DEFAULT_GRACE_MS = 1000;
export const MOST_THREADS = 24;
export const LEAST_PAYLOAD = 256;

/** One thread for each processor. */
export function processors(): number {
  return Math.min(Math.max(navigator.hardwareConcurrency, 1), MOST_THREADS);
}

/** @throws {RangeError} when `value` is not a whole number in its range */
export function assertWithin(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`Expected ${what} from ${least} to ${most}, got ${value}`);
}
