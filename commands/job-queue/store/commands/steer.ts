/** What people do to jobs from outside. */

import type { Changed, Held, Which } from "../../model/command.ts";
import type { Job, JobState } from "../../model/job.ts";
import type { Transaction } from "../transaction.ts";

/** Of many, how many are seen to in one transaction. */
const MOST_AT_ONCE = 10_000;

/** Ends jobs that are not over. One that runs is marked: its worker is told, and ends it. */
export function cancel(tx: Transaction, which: Which): Changed {
  const running: Held[] = [];
  return change(tx, which, ["pending", "scheduled", "running"], running, (job) => {
    if (job.state !== "running") return tx.cancel(job, "cancelled");
    job.cancelAsked = true;
    tx.move(job, "running");
    running.push({ id: job.id, epoch: job.epoch });
  });
}

/** Lets dead and cancelled jobs begin anew, with all their attempts. */
export function retry(tx: Transaction, which: Which): Changed {
  const states: JobState[] = "id" in which ? ["dead", "cancelled"] : ["dead"];
  return change(tx, which, states, [], (job) => {
    const { uniqueKey } = job;
    if (uniqueKey !== "" && tx.table.withUniqueKey(uniqueKey) !== undefined) return "duplicate";
    job.attempt = 0;
    revive(tx, job);
  });
}

/** Its lane may have been forgotten since. */
function revive(tx: Transaction, job: Job): void {
  const lane = tx.books.lane(job.queue, job.type, job.key);
  const expiresAt = 0; // whoever revives it wants it to run
  const revived: Job = { ...job, lane: lane.id, expiresAt, finishedAt: 0 };
  tx.makePending(revived);
  tx.tell("JobRetried", revived, { runAt: tx.now });
}

type Refusal = Changed["refused"];

function change(
  tx: Transaction,
  which: Which,
  states: readonly JobState[],
  running: Held[],
  act: (job: Job) => Refusal | void,
): Changed {
  if ("id" in which) {
    const job = tx.table.job(which.id);
    if (job === undefined) return { count: 0, running, refused: "unknown" };
    if (!states.includes(job.state)) return { count: 0, running, refused: "state" };
    const refused = act(job) ?? undefined;
    return { count: refused === undefined ? 1 : 0, running, refused };
  }
  const jobs = states
    .flatMap((state) => tx.table.list({ ...which, state, limit: MOST_AT_ONCE }))
    .sort((one, other) => other.id - one.id)
    .slice(0, MOST_AT_ONCE);
  const count = jobs.filter((job) => act(job) === undefined).length;
  return { count, running, ...(jobs.length === MOST_AT_ONCE && { before: jobs.at(-1)!.id }) };
}
