import type { Job } from "./job.ts";
import type { QueueLimits } from "./limits.ts";
import type { Schedule } from "./schedule.ts";
import type { JobSpec } from "./spec.ts";

/** A job in somebody's hands: the number, and the claim it was taken with. */
export interface Held {
  readonly id: number;
  readonly epoch: number;
}

/** Which jobs: one, or all in a state, of a queue and type if those are said. */
export type Which = { readonly id: number } | {
  readonly queue?: string;
  readonly type?: string;
  /** Only those with a smaller number: where the transaction before has ended. */
  readonly before?: number;
};

/** Why an attempt has ended without a result. */
export type FailureKind =
  /** It is tried again as long as it may be. */
  | "error"
  /** Trying again would be of no use. */
  | "fatal"
  /** It was told to end. */
  | "cancelled"
  /** Not a failure: it wants to go on later. */
  | "snooze"
  /** Not a failure: its worker had to stop. */
  | "interrupted";

/** Everything that can be asked of a store, in one transaction with others. */
export type Command =
  | { readonly kind: "enqueue"; readonly specs: readonly JobSpec[] }
  | Claiming
  | Held & { readonly kind: "complete"; readonly result?: string }
  | Held & {
    readonly kind: "fail";
    readonly how: FailureKind;
    readonly error: string;
    /** How long until the next attempt, where that is not what the retries say. */
    readonly delay?: number;
  }
  | Held & {
    readonly kind: "heartbeat";
    readonly lease: number;
    readonly progress?: string;
    readonly log?: readonly string[];
  }
  | { readonly kind: "cancel"; readonly which: Which }
  | { readonly kind: "retry"; readonly which: Which }
  | { readonly kind: "pause"; readonly queue: string; readonly paused: boolean }
  | { readonly kind: "limit"; readonly queue: string; readonly limits: QueueLimits }
  | { readonly kind: "schedule"; readonly schedule: Omit<Schedule, "next"> }
  | { readonly kind: "unschedule"; readonly name: string }
  | { readonly kind: "announce"; readonly types: readonly string[] }
  /** What is due happens; `unseen` is how long nobody could have looked. */
  | { readonly kind: "tick"; readonly unseen: number }
  /** The worker has begun anew: it knows nothing of what it held. */
  | { readonly kind: "recover"; readonly worker: string };

/** Takes jobs under a lease. */
export interface Claiming {
  readonly kind: "claim";
  readonly worker: string;
  readonly max: number;
  /** In milliseconds; without a heartbeat in that time the job is somebody else's. */
  readonly lease: number;
  /** All unless some are said. */
  readonly queues?: readonly string[];
  readonly types?: readonly string[];
}

export type CommandKind = Command["kind"];

/** Whether a job was taken in: its number, or why not. */
export type Enqueued =
  | { readonly id: number; readonly refused?: undefined }
  | { readonly refused: "duplicate"; readonly id: number }
  | { readonly refused: "full"; readonly id?: undefined };

/** A job that was claimed, with all its worker has to know. */
export interface Claim extends Held {
  readonly type: string;
  readonly queue: string;
  readonly key: string;
  readonly payload: string;
  readonly attempt: number;
  readonly maxRetries: number;
  /** How long the attempt may take; 0 for as long as it likes. */
  readonly timeout: number;
}

/** Whether the worker still holds the job. */
export type Verdict = "ok" | "lost" | "cancelled" | "unknown";

/** What became of the jobs that were asked for. */
export interface Changed {
  /** How many it was done to. */
  readonly count: number;
  /** Those of them that run, and end as soon as their workers see it. */
  readonly running: readonly Held[];
  /** Set where there may be more of them than one transaction sees to: before which number. */
  readonly before?: number;
  /** Set where one job was asked for: why nothing was done. */
  readonly refused?: "unknown" | "state" | "duplicate";
}

/** What is answered to a command. */
export interface Replies {
  enqueue: readonly Enqueued[];
  claim: readonly Claim[];
  complete: Verdict;
  fail: Verdict;
  heartbeat: Verdict;
  cancel: Changed;
  retry: Changed;
  pause: void;
  limit: void;
  schedule: Schedule;
  unschedule: boolean;
  announce: void;
  tick: void;
  recover: number;
}

export type Reply<K extends CommandKind = CommandKind> = Replies[K];

/** What the holder of a job says. */
export type HeldCall = "ack" | "nack" | "heartbeat";

/** What has happened to a job, for whoever looks on. */
export interface JobEvent {
  readonly event:
    | "JobEnqueued"
    | "JobStarted"
    | "JobCompleted"
    | "JobFailed"
    | "JobRetried"
    | "JobDead"
    | "JobCancelled"
    /** A worker that had lost its lease came too late: it was refused. */
    | "LateResult";
  readonly at: number;
  readonly id: number;
  readonly type: string;
  readonly queue: string;
  /** Said of all but a `LateResult`, of which only the epoch is known. */
  readonly attempt?: number;
  readonly worker?: string;
  readonly error?: string;
  /** The claim that a `LateResult` named. */
  readonly epoch?: number;
  /** What a `LateResult` was to be. */
  readonly call?: HeldCall;
  /** When it is tried again. */
  readonly runAt?: number;
  /** How long the attempt took, in milliseconds. */
  readonly took?: number;
}

/** An event about `job`. */
export function jobEvent(
  event: JobEvent["event"],
  at: number,
  { id, type, queue, attempt }: Job,
  more: Partial<JobEvent> = {},
): JobEvent {
  return { event, at, id, type, queue, attempt, ...more };
}
