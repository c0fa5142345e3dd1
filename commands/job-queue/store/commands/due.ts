/** What happens by itself when its time has come. */

import type { Job, JobState } from "../../model/job.ts";
import { nextTime, type Schedule } from "../../model/schedule.ts";
import type { Books } from "../books.ts";
import type { StoreSettings, Transaction } from "../transaction.ts";
import { enqueue } from "./enqueue.ts";

/** In one transaction; what is left is due at once again. */
const MOST_AT_ONCE = 1_000;
/** Of these, only so many are kept. */
const KEPT: readonly JobState[] = ["completed", "cancelled"];
/** Types of remote workers are known for so long after they were announced. */
const ANNOUNCED_MS = 86_400_000;

export function tick(tx: Transaction, unseen: number): void {
  if (unseen > 0) tx.table.shift("running", unseen);
  for (const job of tx.table.dueBy(tx.now, MOST_AT_ONCE)) comeDue(tx, job);
  for (const schedule of tx.books.schedules.values()) fire(tx, schedule);
  for (const queue of tx.books.queues.values()) queue.wake(tx.now);
  for (const state of KEPT) keepAtMost(tx, state);
  tx.books.forgetAnnounced(tx.now - ANNOUNCED_MS);
  tx.books.sweep(tx.now);
}

/** The worker has begun anew, and what it held was cut short. */
export function recover(tx: Transaction, worker: string): number {
  const jobs = tx.table.heldBy(worker);
  for (const job of jobs) tx.fail(job, "its worker ended in the middle of it", { delay: 0 });
  return jobs.length;
}

function comeDue(tx: Transaction, job: Job): void {
  switch (job.state) {
    case "scheduled":
      if (job.expiresAt !== 0 && job.expiresAt <= tx.now) return tx.cancel(job, "expired");
      return tx.makePending(job, job.due);
    case "pending":
      return tx.cancel(job, "expired before it could be started");
    case "running":
      return lose(tx, job);
    default:
      return tx.prune(job);
  }
}

/** Its worker is silent: it is tried again at once, as nobody knows how far it came. */
function lose(tx: Transaction, job: Job): void {
  const isLate = job.timeout > 0 && tx.now > job.startedAt + job.timeout;
  const error = isLate
    ? `took longer than its ${job.timeout} ms, and its worker did not end it`
    : `its worker ${job.worker} was silent for longer than its lease`;
  tx.fail(job, error, { delay: 0 });
}

/**
 * Once for all the times that were missed: the next one is counted from now. A job that is not taken
 * in is nobody's error, but can be seen.
 */
function fire(tx: Transaction, schedule: Schedule): void {
  const { cron, timezone, next, spec } = schedule;
  if (next === 0 || next > tx.now) return;
  const [{ refused: why }] = enqueue(tx, [spec]);
  const skipped = why === undefined ? schedule.skipped : { at: tx.now, why };
  tx.books.setSchedule({ ...schedule, next: nextTime(cron, timezone, tx.now), skipped });
}

/** Whether more is there than may be kept, by so much that it cannot wait. */
export function isFarTooMuch(books: Books, { keepMax }: StoreSettings): boolean {
  return KEPT.some((state) => books.countOf(state) - keepMax >= MOST_AT_ONCE);
}

function keepAtMost(tx: Transaction, state: JobState): void {
  const tooMany = Math.min(tx.books.countOf(state) - tx.settings.keepMax, MOST_AT_ONCE);
  for (let i = 0; i < tooMany; i++) {
    const oldest = tx.table.oldest(state);
    if (oldest !== undefined) tx.prune(oldest);
  }
}
