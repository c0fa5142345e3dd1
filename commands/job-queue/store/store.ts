import type { Answer } from "../../../runtime/mod.ts";
import type { Command, CommandKind, JobEvent, Reply } from "../model/command.ts";
import type { Job, JobDetail, JobState } from "../model/job.ts";
import type { QueueLimits } from "../model/limits.ts";
import type { Schedule } from "../model/schedule.ts";
import type { JobFilter } from "./table.ts";

/** What became of a batch. */
export interface Applied {
  /** In the order of the commands. */
  readonly replies: readonly Reply<CommandKind>[];
  readonly events: readonly JobEvent[];
  /** When `tick` is worth a transaction, in the store's time; Infinity while nothing is to come. */
  readonly nextDue: number;
}

/** How many jobs a queue has in each state, and what it has seen since it was made. */
export type StateCounts = Record<JobState, number>;

/**
 * Since the store was made; at any moment
 * `enqueued` = live + completed + dead + cancelled + pruned.
 */
export interface Totals {
  enqueued: number;
  /** Attempts that came to their end. */
  completed: number;
  /** Attempts that did not. */
  failed: number;
  /** Finished jobs that nobody can look at any more. */
  pruned: number;
  /** Results of workers that had lost their lease. */
  late: number;
}

export const TOTALS: readonly (keyof Totals)[] = [
  ...["enqueued", "completed", "failed", "pruned", "late"] as const,
];

/** One queue for people. */
export interface QueueView {
  readonly name: string;
  readonly paused: boolean;
  readonly limits: QueueLimits;
  readonly counts: Readonly<StateCounts>;
  readonly totals: Readonly<Totals>;
}

/** The whole store for people. */
export interface StoreView {
  /** The store's time. */
  readonly now: number;
  readonly queues: readonly QueueView[];
  /** What queues have seen that are forgotten, since nothing of them was left. */
  readonly forgotten: Readonly<Totals>;
  /** How long the job that has waited longest could have been started, in milliseconds. */
  readonly oldestPendingMs: number;
  /** The types of remote workers. */
  readonly announced: readonly string[];
}

/**
 * Where the jobs are. Its owner gives it one batch at a time, and each is a transaction: its
 * replies are there when all of it is as safe as the store makes it.
 *
 * Time is the store's own, so that all who share it agree. A store on another machine answers
 * with coroutines.
 */
export interface Store {
  /** @throws {StoreFailed} when nothing of the batch has happened */
  apply(batch: readonly Command[]): Answer<Applied>;
  detail(id: number): Answer<JobDetail | undefined>;
  list(filter: JobFilter): Answer<readonly Readonly<Job>[]>;
  view(): Answer<StoreView>;
  schedules(): Answer<readonly Schedule[]>;
  /** As in {@link Applied}. */
  nextDue(): Answer<number>;
  /** The store's time. */
  now(): number;
  close(): Answer<void>;
}

/** A store could not do what it was told; nothing of it has happened. */
export class StoreFailed extends Error {
  override readonly name = "StoreFailed";
}
