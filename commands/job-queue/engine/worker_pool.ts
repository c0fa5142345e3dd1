import {
  CancellationToken,
  Cancelled,
  type Co,
  type Logger,
  MovedOn,
  moveOnAfter,
  mpsc,
  Mutex,
  Notify,
  now,
  type Permit,
  type Receiver,
  RestartLimit,
  Semaphore,
  type Sender,
  sleep,
  supervise,
  type SupervisorEvent,
} from "../../../runtime/mod.ts";
import type { Claim, Held } from "../model/command.ts";
import { attempt } from "./attempt.ts";
import type { Backend } from "./backend.ts";
import type { Handlers } from "./handler.ts";
import { RunningJob } from "./running_job.ts";

export interface PoolOptions {
  readonly workers: number;
  /** How long a claim lasts without a heartbeat, in milliseconds. */
  readonly lease: number;
  /** How long a handler that is told to end may take for that, in milliseconds. */
  readonly grace: number;
  /** For what handlers do and log. */
  readonly log: Logger;
  onEvent?(event: SupervisorEvent): void;
}

/** A claim, and the place in the pool that was kept for it. */
interface Assignment {
  readonly claim: Claim;
  /** When it was asked for: the lease began no sooner. */
  readonly askedAt: number;
  readonly place: Permit;
}

const MAX_RESTARTS = 5;
const RESTARTS_WITHIN_MS = 60_000;
/** What a handler says is passed on so often. */
const NEWS_EVERY_MS = 1_000;
/** A lease is renewed when this share of it is over. */
const RENEW_AFTER = 1 / 3;

/**
 * Workers under a supervisor, and a dispatcher that claims as many jobs as there are free workers.
 *
 * A handler that fails has failed its job; only what takes the worker down with it is a crash. A
 * pool whose workers crash again and again gives up, and says so.
 */
export class WorkerPool {
  readonly options: PoolOptions;
  /** Why it works no more; undefined while it does. */
  gaveUp: string | undefined;
  /** Milliseconds of work, of all workers together. */
  busyTime = 0;
  #backend: Backend;
  #handlers: Handlers;
  #running: Map<number, RunningJob> = new Map();
  #places: Semaphore;
  #assign: Sender<Assignment>;
  #assigned: Mutex<Receiver<Assignment>>;
  #stopping = new CancellationToken();
  #ended = new Notify();

  constructor(backend: Backend, handlers: Handlers, options: PoolOptions) {
    this.options = options;
    this.#backend = backend;
    this.#handlers = handlers;
    this.#places = new Semaphore(options.workers);
    const [assign, assigned] = mpsc<Assignment>(Math.max(1, options.workers));
    this.#assign = assign;
    this.#assigned = new Mutex(assigned);
  }

  /** How many jobs are being worked on. */
  get busy(): number {
    return this.#running.size;
  }

  /** Works until it is dropped, or gives up. */
  *run(): Co<void> {
    const workers = Array.from({ length: this.options.workers }, (_, i) => ({
      name: `worker ${i + 1}`,
      start: () => this.#work(),
    }));
    const dispatcher = {
      name: "dispatcher",
      restart: "transient" as const,
      start: () => this.#dispatch(),
    };
    const heart = { name: "heart", start: () => this.#keepAlive() };
    const { onEvent } = this.options;
    try {
      yield* supervise([...workers, dispatcher, heart], {
        maxRestarts: MAX_RESTARTS,
        within: RESTARTS_WITHIN_MS,
        onEvent: (event) => onEvent?.(event),
      });
    } catch (error) {
      if (!(error instanceof RestartLimit)) throw error;
      this.gaveUp = error.message;
    }
  }

  /** Tells the holder of a job to end it. */
  cancel({ id, epoch }: Held): void {
    const job = this.#running.get(id);
    if (job?.claim.epoch === epoch) job.end("cancelled", "cancelled");
  }

  /** Begins nothing more, lets what runs finish, and interrupts what has not within `limit`. */
  *drain(limit: number): Co<void> {
    this.#stopping.cancel("the workers stop");
    if (yield* this.#allEnded(limit)) return;
    for (const job of this.#running.values()) job.end("interrupted", "the workers stopped");
    yield* this.#allEnded(2 * this.options.grace + NEWS_EVERY_MS);
  }

  *#allEnded(limit: number): Co<boolean> {
    const ended = this.#ended;
    const running = this.#running;
    const wait = function* () {
      while (running.size > 0) yield* ended.notified();
    };
    return (yield* moveOnAfter(limit, wait)) !== MovedOn;
  }

  *#dispatch(): Co<void> {
    try {
      for (;;) {
        using places = yield* this.#stopping.run(this.#places.acquire());
        const more = this.#places.tryAcquire(this.#places.available);
        const max = 1 + (more?.count ?? 0);
        if (more !== undefined) places.merge(more);
        const askedAt = now();
        const claims = yield* this.#stopping.run(() => this.#backend.claim(max));
        for (const claim of claims) {
          this.#assign.trySend({ claim, askedAt, place: places.split(1) });
        }
      }
    } catch (error) {
      if (!(error instanceof Cancelled && this.#stopping.isCancelled)) throw error;
    }
  }

  *#work(): Co<never> {
    for (;;) {
      const { claim, askedAt, place } = yield* this.#next();
      const job = new RunningJob(claim, askedAt, this.options.log);
      this.#running.set(claim.id, job);
      try {
        yield* this.#attempt(job, place);
      } finally {
        place.release();
        if (this.#running.get(claim.id) === job) this.#running.delete(claim.id);
        if (this.#running.size === 0) this.#ended.notifyAll();
      }
    }
  }

  *#next(): Co<Assignment> {
    using assigned = yield* this.#assigned.lock();
    return (yield* assigned.value.recv()) as Assignment; // its sender is never closed
  }

  *#attempt(job: RunningJob, place: Permit): Co<void> {
    const handler = this.#handlers.get(job.claim.type);
    // A process that stood still may have lost the lease before it could begin.
    const isLate = now() - job.renewedAt >= this.options.lease;
    if (handler === undefined || isLate) return yield* this.#backend.giveBack([job.claim]);
    const begun = now();
    const { report, crash } = yield* attempt(job, handler, this.options.grace);
    this.busyTime += now() - begun;
    // The place is free before the report is: the next claim goes into the same transaction.
    place.release();
    if (job.hasNews) yield* this.#beat(job);
    if (job.ending !== "lost") yield* this.#backend.report(report);
    if (crash !== undefined) throw crash;
  }

  /** Renews leases, and passes on what handlers say. */
  *#keepAlive(): Co<never> {
    const renewAfter = this.options.lease * RENEW_AFTER;
    for (;;) {
      yield* sleep(Math.min(NEWS_EVERY_MS, renewAfter));
      for (const job of [...this.#running.values()]) {
        const isOld = now() - job.renewedAt >= renewAfter;
        if (isOld || job.hasNews) yield* this.#beat(job);
      }
    }
  }

  *#beat(job: RunningJob): Co<void> {
    const { id, epoch } = job.claim;
    job.renewedAt = now();
    const { lease } = this.options;
    const beat = { kind: "heartbeat", id, epoch, lease, ...job.takeNews() } as const;
    const verdict = yield* this.#backend.heartbeat(beat);
    if (verdict === "cancelled") job.end("cancelled", "cancelled");
    if (verdict === "lost" || verdict === "unknown") {
      job.end("lost", "its lease was lost: somebody else has the job");
    }
  }
}
