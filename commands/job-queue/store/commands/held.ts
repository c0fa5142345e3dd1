/** What the holder of a job may do with it. Whoever has lost it is refused, and that is told. */

import type { Command, Verdict } from "../../model/command.ts";
import { retryDelay } from "../../model/retry.ts";
import type { Transaction } from "../transaction.ts";

type Of<K extends Command["kind"]> = Extract<Command, { kind: K }>;

/** Log lines that a job keeps: the latest. */
const KEPT_LINES = 100;
const LONGEST_LINE = 1_000;

export function complete(tx: Transaction, { id, epoch, result }: Of<"complete">): Verdict {
  const repeated = tx.table.job(id);
  // Its answer was lost, and the worker says it once more.
  if (repeated?.state === "completed" && repeated.epoch === epoch) return "ok";
  const job = tx.held(id, epoch);
  if (typeof job === "string") return job;
  if (result !== undefined) tx.table.setText(id, "result", result);
  tx.books.queue(job.queue).totals.completed++;
  tx.finish(job, "completed");
  tx.tell("JobCompleted", job, { worker: job.worker, took: tx.now - job.startedAt });
  return "ok";
}

export function fail(tx: Transaction, { id, epoch, how, error, delay }: Of<"fail">): Verdict {
  const job = tx.held(id, epoch);
  if (typeof job === "string") return job;
  if (job.cancelAsked && how !== "error" && how !== "fatal") tx.cancel(job, error);
  else if (how === "interrupted" || how === "snooze") {
    const attempt = job.attempt--;
    if (how === "interrupted") tx.giveBack(job);
    else tx.postpone(job, tx.now + (delay ?? retryDelay(id, attempt, tx.settings.retries)));
  } else if (how === "cancelled") tx.cancel(job, error);
  else tx.fail(job, error, { fatal: how === "fatal", delay });
  return "ok";
}

export function heartbeat(tx: Transaction, command: Of<"heartbeat">): Verdict {
  const { id, epoch, lease, progress, log } = command;
  const job = tx.held(id, epoch);
  if (typeof job === "string") return job;
  if (progress !== undefined) tx.table.setText(id, "progress", progress);
  if (log !== undefined && log.length > 0) addLog(tx, id, log);
  // An attempt that takes longer than it may ends with its lease, if not by its worker.
  const latest = job.timeout === 0 ? Infinity : job.startedAt + job.timeout + lease;
  job.due = Math.max(job.due, Math.min(tx.now + lease, latest));
  tx.move(job, "running");
  return job.cancelAsked ? "cancelled" : "ok";
}

function addLog(tx: Transaction, id: number, lines: readonly string[]): void {
  const before: string[] = JSON.parse(tx.table.text(id, "log") ?? "[]");
  const added = lines.map((line) => line.slice(0, LONGEST_LINE));
  tx.table.setText(id, "log", JSON.stringify([...before, ...added].slice(-KEPT_LINES)));
}
