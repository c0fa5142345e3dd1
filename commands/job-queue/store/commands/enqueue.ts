import type { Enqueued } from "../../model/command.ts";
import type { Job } from "../../model/job.ts";
import type { JobSpec } from "../../model/spec.ts";
import type { Lane } from "../queue_book.ts";
import type { Transaction } from "../transaction.ts";

/** Takes jobs in, each for itself: one that is refused does not keep out the others. */
export function enqueue(tx: Transaction, specs: readonly JobSpec[]): Enqueued[] {
  let id = tx.table.lastId();
  return specs.map((spec) => {
    const refusal = refusalOf(tx, spec);
    if (refusal !== undefined) return refusal;
    const lane = tx.books.lane(spec.queue, spec.type, spec.key);
    const job = newJob(tx, ++id, spec, lane);
    tx.table.insert(job, spec.payload);
    tx.books.moved(job, undefined, job.state);
    lane.queue.totals.enqueued++;
    tx.tell("JobEnqueued", job);
    return { id };
  });
}

function refusalOf(tx: Transaction, spec: JobSpec): Enqueued | undefined {
  if (spec.uniqueKey !== "") {
    const holder = tx.table.withUniqueKey(spec.uniqueKey);
    if (holder !== undefined) return { refused: "duplicate", id: holder.id };
  }
  const { counts } = tx.books.queue(spec.queue);
  const isFull = counts.pending + counts.scheduled >= tx.settings.maxPending;
  return isFull ? { refused: "full" } : undefined;
}

function newJob(tx: Transaction, id: number, spec: JobSpec, lane: Lane): Job {
  const { now } = tx;
  const readyAt = Math.max(now + spec.delay, spec.runAt);
  const expiresAt = spec.expires === 0 ? 0 : readyAt + spec.expires;
  const isReady = readyAt <= now;
  return {
    id,
    queue: spec.queue,
    type: spec.type,
    key: spec.key,
    priority: spec.priority,
    maxRetries: spec.maxRetries,
    timeout: spec.timeout,
    expiresAt,
    uniqueKey: spec.uniqueKey,
    createdAt: now,
    lane: lane.id,
    state: isReady ? "pending" : "scheduled",
    rank: tx.rank(readyAt, spec.priority),
    due: isReady ? expiresAt : readyAt,
    epoch: 0,
    attempt: 0,
    worker: "",
    byClock: !isReady && spec.runAt === readyAt,
    cancelAsked: false,
    readyAt,
    startedAt: 0,
    finishedAt: 0,
  };
}
