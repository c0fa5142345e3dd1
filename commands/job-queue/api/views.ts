/** Jobs, queues and the whole as clients see them. */

import type { Service } from "../engine/service.ts";
import type { Job, JobDetail, JobState } from "../model/job.ts";
import type { Schedule } from "../model/schedule.ts";
import { type JobSpec, SPEC_DEFAULTS } from "../model/spec.ts";
import type { StoreView, Totals } from "../store/store.ts";

type View = Record<string, unknown>;

/** A job in a list: without its texts. */
export function jobView(job: Readonly<Job>): View {
  const { id, type, queue, key, state, priority, attempt, maxRetries, uniqueKey, worker } = job;
  return {
    ...{ id, type, queue, key: key || undefined, state, priority, attempt, maxRetries },
    timeout: job.timeout || undefined,
    uniqueKey: uniqueKey || undefined,
    worker: worker || undefined,
    cancelAsked: job.cancelAsked || undefined,
    createdAt: moment(job.createdAt),
    startedAt: moment(job.startedAt),
    finishedAt: moment(job.finishedAt),
    expiresAt: moment(job.expiresAt),
    ...dueView(job),
  };
}

/** A job with all that is known of it. */
export function detailView(detail: JobDetail): View {
  const { job, payload, result, failures, log, progress } = detail;
  return {
    ...jobView(job),
    payload: JSON.parse(payload),
    result: result === undefined ? undefined : JSON.parse(result),
    progress: progress === undefined ? undefined : JSON.parse(progress),
    failures: failures.map(({ attempt, worker, error, startedAt, at }) => ({
      ...{ attempt, error, startedAt: moment(startedAt), at: moment(at) },
      worker: worker || undefined,
    })),
    log,
  };
}

export function scheduleView({ name, cron, timezone, next, skipped, spec }: Schedule): View {
  const { type, payload, queue, ...options } = spec;
  return {
    ...{ name, cron, timezone, next: moment(next) },
    skipped: skipped && { at: moment(skipped.at), why: skipped.why },
    ...{ type, queue, payload: JSON.parse(payload), options: saidOf(options) },
  };
}

/** What is not as it would be anyway. */
function saidOf(options: Omit<JobSpec, "type" | "payload" | "queue">): View {
  const said = Object.entries(options).filter(([name, value]) =>
    value !== SPEC_DEFAULTS[name as keyof typeof options]
  );
  return Object.fromEntries(said);
}

/** What is the matter right now, in numbers. */
export function statusView(service: Service, view: StoreView, at: number): View {
  const sum = (state: JobState) => countOf(view, state);
  return {
    pending: sum("pending"),
    running: sum("running"),
    completed: totalOf(view, "completed"),
    failed: totalOf(view, "failed"),
    workers: service.pool.workers,
    scheduled: sum("scheduled"),
    dead: sum("dead"),
    cancelled: sum("cancelled"),
    throughput: service.meter.throughput(at),
    oldestPendingMs: view.oldestPendingMs,
    busy: service.pool.busy,
    waiting: service.keeper.waiting,
    ledger: ledgerOf(view),
    queues: view.queues.map(({ name, paused, counts }) => ({ name, paused, ...counts })),
  };
}

/** Where every job is that ever came: `enqueued` is the sum of all others, but for `late`. */
function ledgerOf(view: StoreView): View {
  const now = (state: JobState) => countOf(view, state);
  return {
    enqueued: totalOf(view, "enqueued"),
    live: now("scheduled") + now("pending") + now("running"),
    completed: now("completed"),
    dead: now("dead"),
    cancelled: now("cancelled"),
    pruned: totalOf(view, "pruned"),
    late: totalOf(view, "late"),
  };
}

export function countOf({ queues }: StoreView, state: JobState): number {
  return queues.reduce((sum, { counts }) => sum + counts[state], 0);
}

/** Of all queues there ever were. */
export function totalOf({ queues, forgotten }: StoreView, what: keyof Totals): number {
  return queues.reduce((sum, { totals }) => sum + totals[what], forgotten[what]);
}

/** What `due` means depends on the state. */
function dueView({ state, due }: Readonly<Job>): View {
  if (state === "scheduled") return { runAt: moment(due) };
  return state === "running" ? { leasedUntil: moment(due) } : {};
}

function moment(milliseconds: number): string | undefined {
  return milliseconds === 0 ? undefined : new Date(milliseconds).toISOString();
}
