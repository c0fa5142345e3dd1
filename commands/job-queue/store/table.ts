import type { Job, JobState, TextName } from "../model/job.ts";

/** Which jobs to show. */
export interface JobFilter {
  readonly state?: JobState;
  readonly type?: string;
  readonly queue?: string;
  /** Only those with a smaller number: where the page before has ended. */
  readonly before?: number;
  readonly limit: number;
}

/**
 * The rows of a store, and the small notes beside them: plain reading and writing, without a rule
 * of the queue in it.
 *
 * What is read is the caller's own; only `save` changes a row.
 */
export interface JobTable {
  /** Runs `work` as a whole: when it throws, nothing of it has happened. */
  transaction<T>(work: () => T): T;
  insert(job: Job, payload: string): void;
  job(id: number): Job | undefined;
  save(job: Job): void;
  remove(id: number): void;
  /** The largest number there ever was. */
  lastId(): number;
  text(id: number, name: TextName): string | undefined;
  setText(id: number, name: TextName, text: string): void;
  /** The pending ones of a lane, lowest rank first, those of one rank by number. */
  heads(lane: number, max: number): Job[];
  /** Those that are due by then, the earliest first. */
  dueBy(moment: number, max: number): Job[];
  /** The earliest moment at which one is due; undefined when none is. */
  nextDue(): number | undefined;
  /** Moves what is due for all in that state, but for those that wait for a time of day. */
  shift(state: "running" | "scheduled", by: number): void;
  /** The youngest first. */
  list(filter: JobFilter): Job[];
  /** The one that was made first. */
  oldest(state: JobState): Job | undefined;
  heldBy(worker: string): Job[];
  /** The live job with that key. */
  withUniqueKey(key: string): Job | undefined;
  /** In the order of their names. */
  notes(): Iterable<readonly [name: string, text: string]>;
  setNote(name: string, text: string | undefined): void;
  close(): void;
}
