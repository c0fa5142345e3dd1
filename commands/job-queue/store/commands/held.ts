/** What the holder of a job may do with it. Whoever has lost it is refused, and that is told. */

import {
  cut,
  insteadOf,
  LONGEST_ERROR,
  LONGEST_LINE,
  LONGEST_PROGRESS,
  MOST_LINES,
} from "../../model/caps.ts";
import type { Command, Verdict } from "../../model/command.ts";
import { retryDelay } from "../../model/retry.ts";
import type { Transaction } from "../transaction.ts";

type Of<K extends Command["kind"]> = Extract<Command, { kind: K }>;

export function complete(tx: Transaction, { id, epoch, result }: Of<"complete">): Verdict {
  const repeated = tx.table.job(id);
  // Its answer was lost, and the worker says it once more.
  if (repeated?.state === "completed" && repeated.epoch === epoch) return "ok";
  const job = tx.held({ id, epoch }, "ack");
  if (typeof job === "string") return job;
  if (result !== undefined) tx.table.setText(id, "result", result);
  tx.books.queue(job.queue).totals.completed++;
  tx.finish(job, "completed");
  tx.tell("JobCompleted", job, { worker: job.worker, took: tx.now - job.startedAt });
  return "ok";
}

export function fail(tx: Transaction, { id, epoch, how, delay, ...said }: Of<"fail">): Verdict {
  const job = tx.held({ id, epoch }, "nack");
  if (typeof job === "string") return job;
  const error = cut(said.error, LONGEST_ERROR);
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
  const { lease } = command;
  const job = tx.held(command, "heartbeat");
  if (typeof job === "string") return job;
  note(tx, command);
  // An attempt that takes longer than it may ends with its lease, if not by its worker.
  const latest = job.timeout === 0 ? Infinity : job.startedAt + job.timeout + lease;
  job.due = Math.max(job.due, Math.min(tx.now + lease, latest));
  tx.move(job, "running");
  return job.cancelAsked ? "cancelled" : "ok";
}

/** Writes down how far it is, and what it says. */
function note(tx: Transaction, { id, progress = "", log = [] }: Of<"heartbeat">): void {
  const isTooLong = progress.length > LONGEST_PROGRESS;
  if (progress !== "" && !isTooLong) tx.table.setText(id, "progress", progress);
  const lines = isTooLong ? [...log, insteadOf(progress)] : log;
  if (lines.length === 0) return;
  const before: string[] = JSON.parse(tx.table.text(id, "log") ?? "[]");
  const added = lines.map((line) => cut(line, LONGEST_LINE));
  tx.table.setText(id, "log", JSON.stringify([...before, ...added].slice(-MOST_LINES)));
}
