/**
 * Where a job is in its life:
 *
 * - `scheduled`: waits for a time, its first or that of a retry
 * - `pending`: can be started now
 * - `running`: a worker holds it, under a lease
 * - `completed`, `dead`, `cancelled`: over; it stays for a while to be looked at
 */
export const STATES = [
  "scheduled",
  "pending",
  "running",
  "completed",
  "dead",
  "cancelled",
] as const;

export type JobState = typeof STATES[number];

/** Whether a job in this state may still run. */
export function isLive(state: JobState): boolean {
  return state === "scheduled" || state === "pending" || state === "running";
}

/** A job without its texts: what decides about it. Times are milliseconds since 1970. */
export interface Job {
  readonly id: number;
  readonly queue: string;
  readonly type: string;
  /** Whose job it is, for fair shares and limits; "" for nobody's in particular. */
  readonly key: string;
  readonly priority: number;
  readonly maxRetries: number;
  /** How long an attempt may take, in milliseconds; 0 for as long as it likes. */
  readonly timeout: number;
  /** It never starts after this; 0 for no such moment. */
  readonly expiresAt: number;
  /** No other live job has it; "" for none. */
  readonly uniqueKey: string;
  readonly createdAt: number;
  /** The queue, type and key it is counted under. */
  readonly lane: number;
  state: JobState;
  /** Among pending jobs of its lane, the lowest goes first. */
  rank: number;
  /** When something happens to it by itself, which depends on its state; 0 for never. */
  due: number;
  /** How often it was claimed: whoever holds it must know the number. */
  epoch: number;
  /** How many attempts count. */
  attempt: number;
  /** Who holds it, or held it last. */
  worker: string;
  /** Whether it waits for a time of day, not for a while to pass. */
  byClock: boolean;
  /** Whether it is to be cancelled, and runs. */
  cancelAsked: boolean;
  /** When it could be started, the last time it could. */
  readyAt: number;
  startedAt: number;
  finishedAt: number;
}

/** What belongs to a job and decides nothing: texts of JSON. */
export const TEXTS = ["payload", "result", "failures", "log", "progress"] as const;
export type TextName = typeof TEXTS[number];

/** What went wrong with one attempt, or ended a job that waited. */
export interface Failure {
  readonly attempt: number;
  /** "" where the job waited, and nobody had it. */
  readonly worker: string;
  readonly startedAt: number;
  readonly at: number;
  readonly error: string;
}

/** A job with everything that is known of it. */
export interface JobDetail {
  readonly job: Readonly<Job>;
  readonly payload: string;
  readonly result: string | undefined;
  readonly failures: readonly Failure[];
  readonly log: readonly string[];
  readonly progress: string | undefined;
}
