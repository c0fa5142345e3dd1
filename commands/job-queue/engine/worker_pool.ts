import {
  CancellationToken,
  Cancelled,
  type Co,
  join,
  type Logger,
  MovedOn,
  moveOnAfter,
  Notify,
  now,
  pending,
  type Permit,
  pipeline,
  RestartLimit,
  Semaphore,
  type Sender,
  spawn,
  supervise,
  type SupervisorEvent,
  type SupervisorOptions,
} from "../../../runtime/mod.ts";
import type { Held } from "../model/command.ts";
import { attempt } from "./attempt.ts";
import { type Backend, ClaimRefused } from "./backend.ts";
import type { Handlers } from "./handler.ts";
import { Heart } from "./heart.ts";
import { RunningJob } from "./running_job.ts";

export interface PoolOptions {
  readonly workers: number;
  /** How long a claim lasts without a heartbeat, in milliseconds. */
  readonly lease: number;
  /** How long a handler that is told to end may take for that, in milliseconds. */
  readonly grace: number;
  /** How often it is asked whether a job is to go on, in milliseconds, where nobody says so here. */
  readonly askEvery?: number;
  /** For what handlers do and log. */
  readonly log: Logger;
  onEvent?(event: SupervisorEvent): void;
}

/** A job for a worker, and the place in the pool that was kept for it. */
interface Assignment {
  readonly job: RunningJob;
  readonly place: Permit;
}

/** How long the handler worked, in milliseconds, and what its thread has died of. */
interface Worked {
  readonly took: number;
  readonly crash?: Error;
}

const MAX_RESTARTS = 5;
const RESTARTS_WITHIN_MS = 60_000;
/** What it may take to tell how an attempt has ended. */
const REPORT_MS = 1_000;
/** What runs is told that at the end. */
const STOPPED = "the workers stopped";

/**
 * A pipeline: a dispatcher that claims as many jobs as there are free workers, the workers, and
 * what is known of their work in the end. Both are supervised.
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
  #heart: Heart;
  #places: Semaphore;
  #supervised: SupervisorOptions;
  #stopping = new CancellationToken();
  #ended = new Notify();

  constructor(backend: Backend, handlers: Handlers, options: PoolOptions) {
    this.options = options;
    this.#backend = backend;
    this.#handlers = handlers;
    this.#heart = new Heart(backend, this.#running, options);
    this.#places = new Semaphore(options.workers);
    this.#supervised = {
      maxRestarts: MAX_RESTARTS,
      within: RESTARTS_WITHIN_MS,
      onEvent: (event) => options.onEvent?.(event),
    };
  }

  /** How many there are that work. */
  get workers(): number {
    return this.gaveUp === undefined ? this.options.workers : 0;
  }

  /** How many jobs are being worked on. */
  get busy(): number {
    return this.#running.size;
  }

  /** Works until it is told to stop, or gives up. */
  *run(): Co<void> {
    const { workers } = this.options;
    if (workers === 0) return yield* pending();
    const heart = spawn(() => this.#heart.run(), { name: "heart" });
    using _ended = heart.abortOnDrop();
    try {
      yield* pipeline((out: Sender<Assignment>) => this.#dispatch(out), { capacity: workers })
        .stage((assignment) => this.#work(assignment), {
          name: "worker",
          concurrency: workers,
          supervised: this.#supervised,
        })
        .run((took) => void (this.busyTime += took));
    } catch (error) {
      if (!(error instanceof RestartLimit || error instanceof ClaimRefused)) throw error;
      this.gaveUp = error.message;
      yield* this.#giveUp();
    } finally {
      for (const { work } of this.#running.values()) work?.abort(STOPPED);
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
    if (!(yield* this.#allEnded(limit))) yield* this.#interrupt();
  }

  /** Some workers crash again and again: what the others work on is for somebody else. */
  *#giveUp(): Co<void> {
    const untaken = [...this.#running.values()].filter(({ work }) => work === undefined);
    for (const { claim } of untaken) this.#running.delete(claim.id);
    const back = this.#backend.giveBack(untaken.map(({ claim }) => claim));
    yield* join(() => moveOnAfter(this.#endLimit, back), () => this.#interrupt());
  }

  *#interrupt(): Co<void> {
    for (const job of this.#running.values()) job.end("interrupted", STOPPED);
    yield* this.#allEnded(this.#endLimit);
  }

  /** How long attempts that are told to end may take, what is told of them included. */
  get #endLimit(): number {
    return 2 * this.options.grace + REPORT_MS;
  }

  *#allEnded(limit: number): Co<boolean> {
    const ended = this.#ended;
    const running = this.#running;
    const wait = function* () {
      while (running.size > 0) yield* ended.notified();
    };
    return (yield* moveOnAfter(limit, wait)) !== MovedOn;
  }

  *#dispatch(out: Sender<Assignment>): Co<void> {
    let refusal: ClaimRefused | undefined;
    const claim = () => this.#claim(out);
    const start = function* (): Co<void> {
      try {
        yield* claim();
      } catch (error) {
        if (!(error instanceof ClaimRefused)) throw error;
        refusal = error; // nothing that a restart would cure
      }
    };
    yield* supervise([{ name: "dispatcher", restart: "transient", start }], this.#supervised);
    if (refusal !== undefined) throw refusal;
  }

  /** Claims for whoever is free, until it is told to stop. */
  *#claim(out: Sender<Assignment>): Co<void> {
    try {
      for (;;) {
        using places = yield* this.#stopping.run(this.#places.acquire());
        const askedAt = now(); // the lease began no sooner
        const room = () => 1 + this.#places.available;
        const claims = yield* this.#stopping.run(() => this.#backend.claim(room));
        const more = claims.length > 1 ? this.#places.tryAcquire(claims.length - 1) : undefined;
        if (more !== undefined) places.merge(more);
        for (const claim of claims) {
          const job = new RunningJob(claim, askedAt, this.options.log);
          this.#running.set(claim.id, job);
          out.trySend({ job, place: places.split(1) }); // there is room: it holds a place
        }
      }
    } catch (error) {
      if (!(error instanceof Cancelled && this.#stopping.isCancelled)) throw error;
    }
  }

  /** Answers for how long the handler worked, in milliseconds. */
  *#work({ job, place }: Assignment): Co<number> {
    // A task of its own: its worker may be stopped under it, when others have crashed too often.
    const work = job.work = spawn(() => this.#attempt(job, place));
    const { took, crash } = yield* work;
    if (crash !== undefined) throw crash;
    return took;
  }

  *#attempt(job: RunningJob, place: Permit): Co<Worked> {
    const { id } = job.claim;
    try {
      return yield* this.#tryJob(job, place);
    } finally {
      place.release();
      if (this.#running.get(id) === job) this.#running.delete(id);
      if (this.#running.size === 0) this.#ended.notifyAll();
    }
  }

  *#tryJob(job: RunningJob, place: Permit): Co<Worked> {
    const handler = this.#handlers.get(job.claim.type);
    // A process that stood still may have lost the lease before it could begin.
    const isLate = now() - job.renewedAt >= this.options.lease;
    if (handler === undefined || isLate) {
      yield* this.#backend.giveBack([job.claim]);
      return { took: 0 };
    }
    const begun = now();
    const { report, crash } = yield* attempt(job, handler, this.options.grace);
    const took = now() - begun;
    // The place is free before the report is: the next claim goes into the same transaction.
    place.release();
    if (job.hasNews) yield* this.#heart.beat(job);
    if (job.ending !== "lost" && (yield* this.#backend.report(report)) === "lost") {
      this.#heart.lose(job);
    }
    return { took, crash };
  }
}
