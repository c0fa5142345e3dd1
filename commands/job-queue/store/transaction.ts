import { MOST_FAILURES } from "../model/caps.ts";
import {
  type Held,
  type HeldCall,
  type JobEvent,
  jobEvent,
  type Verdict,
} from "../model/command.ts";
import type { Failure, Job, JobState } from "../model/job.ts";
import { rankOf } from "../model/rank.ts";
import { retryDelay, type RetryPolicy } from "../model/retry.ts";
import type { Books } from "./books.ts";
import type { JobTable } from "./table.ts";

/** What a store may be told; times in milliseconds. */
export interface StoreSettings {
  /** How many jobs may wait in a queue, to be started now or later. */
  readonly maxPending: number;
  /** How long completed and cancelled jobs can be looked at. */
  readonly keep: number;
  /** How long dead ones can, and be retried. */
  readonly keepDead: number;
  /** How many of each are kept at most, of all queues together. */
  readonly keepMax: number;
  readonly retries: RetryPolicy;
}

/** Who has a job that waits. */
const NOBODY = { worker: "", startedAt: 0 };

/** One batch at work: the moment it happens in, and what every command does with a job. */
export class Transaction {
  readonly events: JobEvent[] = [];

  constructor(
    readonly table: JobTable,
    readonly books: Books,
    readonly settings: StoreSettings,
    readonly now: number,
  ) {}

  /** The place in line of a job that can be started from then on, whatever the clock has done. */
  rank(readyAt: number, priority: number): number {
    return rankOf(readyAt - this.books.jumped, priority);
  }

  tell(event: JobEvent["event"], job: Job, more?: Partial<JobEvent>): void {
    this.events.push(jobEvent(event, this.now, job, more));
  }

  /** The job, if it is still held with that epoch; otherwise why not. */
  held({ id, epoch }: Held, call: HeldCall): Job | Exclude<Verdict, "ok" | "cancelled"> {
    const job = this.table.job(id);
    if (job === undefined) return "unknown";
    if (job.state === "running" && job.epoch === epoch) return job;
    this.books.queue(job.queue).totals.late++;
    this.books.touch(this.books.queue(job.queue));
    const { type, queue } = job;
    this.events.push({ event: "LateResult", at: this.now, id, type, queue, epoch, call });
    return "lost";
  }

  /** Saves the job in another state, or in the same. */
  move(job: Job, to: JobState): void {
    const from = job.state;
    job.state = to;
    this.table.save(job);
    this.books.moved(job, from, to);
  }

  /** It can be started from now on, with the place in line that `since` gives it. */
  makePending(job: Job, since: number = this.now): void {
    job.readyAt = since;
    job.rank = this.rank(since, job.priority);
    this.giveBack(job);
  }

  /** It can be started again, and has the place in line that it had. */
  giveBack(job: Job): void {
    job.due = job.expiresAt;
    job.byClock = false;
    job.cancelAsked = false;
    this.move(job, "pending");
  }

  /** It waits until then. */
  postpone(job: Job, until: number): void {
    if (until <= this.now) return this.makePending(job, until);
    job.due = until;
    this.move(job, "scheduled");
  }

  /** It is over. */
  finish(job: Job, as: "completed" | "dead" | "cancelled"): void {
    const { keep, keepDead } = this.settings;
    job.finishedAt = this.now;
    job.due = this.now + (as === "dead" ? keepDead : keep);
    job.cancelAsked = false;
    this.move(job, as);
  }

  cancel(job: Job, why: string): void {
    this.#note(job, why);
    this.finish(job, "cancelled");
    this.tell("JobCancelled", job, { error: why });
  }

  /** An attempt has failed: once more, unless that was the last, or would be of no use. */
  fail(job: Job, error: string, options: { fatal?: boolean; delay?: number } = {}): void {
    if (!job.cancelAsked) this.#note(job, error); // or it is noted with the cancel
    const { totals } = this.books.queue(job.queue);
    totals.failed++;
    const took = this.now - job.startedAt;
    this.tell("JobFailed", job, { error, worker: job.worker, took });
    if (job.cancelAsked) return this.cancel(job, error);
    if (options.fatal || job.attempt > job.maxRetries) {
      this.finish(job, "dead");
      return this.tell("JobDead", job, { error });
    }
    const delay = options.delay ?? retryDelay(job.id, job.attempt, this.settings.retries);
    this.postpone(job, this.now + delay);
    this.tell("JobRetried", job, { runAt: this.now + delay });
  }

  /** Nobody can look at it any more. */
  prune(job: Job): void {
    this.table.remove(job.id);
    this.books.queue(job.queue).totals.pruned++;
    this.books.moved(job, job.state, undefined);
  }

  #note({ id, state, attempt, ...last }: Job, error: string): void {
    const { worker, startedAt } = state === "running" ? last : NOBODY;
    const before: Failure[] = JSON.parse(this.table.text(id, "failures") ?? "[]");
    const failure = { attempt, worker, startedAt, at: this.now, error };
    const failures = [...before, failure].slice(-MOST_FAILURES);
    this.table.setText(id, "failures", JSON.stringify(failures));
  }
}
