import {
  type Co,
  End,
  fanOut,
  type FanOutOutcome,
  type Logger,
  moveOnAfter,
  now,
  sleep,
} from "../../../runtime/mod.ts";
import type { Backend } from "./backend.ts";
import type { RunningJob } from "./running_job.ts";

export interface HeartOptions {
  /** How long a claim lasts without a heartbeat, in milliseconds. */
  readonly lease: number;
  /** How often it is asked at least whether a job is to end, where nobody else tells. */
  readonly askEvery?: number;
  /** How many heartbeats may be under way at once. */
  readonly workers: number;
  readonly log: Logger;
}

/** What a handler says is passed on so often. */
const NEWS_EVERY_MS = 1_000;
/** A lease is renewed when this share of it is over. */
const RENEW_AFTER = 1 / 3;

/**
 * Renews the leases of jobs that run, and passes on what their handlers say: all at once, so that
 * it costs one commit, and a heartbeat that gets no answer costs nobody else the lease.
 */
export class Heart {
  #backend: Backend;
  #jobs: ReadonlyMap<number, RunningJob>;
  #options: HeartOptions;

  constructor(backend: Backend, jobs: ReadonlyMap<number, RunningJob>, options: HeartOptions) {
    this.#backend = backend;
    this.#jobs = jobs;
    this.#options = options;
  }

  *run(): Co<never> {
    const { lease, workers: limit, askEvery = Infinity } = this.#options;
    const patience = lease * RENEW_AFTER;
    const renewAfter = Math.min(patience, askEvery);
    const isDue = (job: RunningJob) => job.hasNews || now() - job.renewedAt >= renewAfter;
    for (;;) {
      yield* sleep(Math.min(NEWS_EVERY_MS, renewAfter));
      const due = [...this.#jobs.values()].filter(isDue);
      using beats = fanOut(due, (job) => moveOnAfter(patience, this.beat(job)), { limit });
      for (let next = yield* beats.nextOutcome(); next !== End; next = yield* beats.nextOutcome()) {
        this.#note(next);
      }
    }
  }

  /** One heartbeat. What it answers may end the job. */
  *beat(job: RunningJob): Co<void> {
    const { id, epoch } = job.claim;
    const { lease } = this.#options;
    const sentAt = now();
    const beat = { kind: "heartbeat", id, epoch, lease, ...job.takeNews() } as const;
    const verdict = yield* this.#backend.heartbeat(beat);
    if (verdict === "ok") job.renewedAt = sentAt;
    if (verdict === "cancelled") job.end("cancelled", "cancelled");
    if (verdict === "lost" || verdict === "unknown") this.lose(job);
  }

  /** Somebody else has the job: what comes of it is of no use. */
  lose(job: RunningJob): void {
    if (job.ending === "lost") return;
    job.end("lost", "its lease was lost: somebody else has the job");
    this.#options.log.warn("a lease was lost: somebody else has the job", { job: job.claim.id });
  }

  #note(outcome: FanOutOutcome<RunningJob, unknown>): void {
    if (outcome.how === "value") return;
    const { input, error } = outcome;
    this.#options.log.error("cannot renew a lease", { job: input.claim.id, error: String(error) });
  }
}
