/**
 * Three workers share twenty jobs, and some jobs crash the worker that takes them first. A
 * supervisor starts the workers again, and the jobs are done all the same.
 *
 *   deno run examples/worker_pool.ts                   # 3 crashes, one-for-one
 *   deno run examples/worker_pool.ts one-for-all 3     # the others are restarted, too
 *   deno run examples/worker_pool.ts rest-for-one 3    # those after it are restarted, too
 *   deno run examples/worker_pool.ts one-for-one 6     # more than 5 in a minute: it gives up
 *
 * You see each crash and each restart, and how many jobs are done at the end. When the supervisor
 * gives up, the program ends with code 1.
 */

import {
  blockOn,
  type Co,
  Notify,
  RestartLimit,
  sleep,
  type Strategy,
  supervise,
  type SupervisorEvent,
} from "wakeful/runtime";

const JOBS = 20;
const WORKERS = 3;
const JOB_MS = 50;
const STRATEGIES: readonly Strategy[] = ["one-for-one", "one-for-all", "rest-for-one"];
const DEFAULT_CRASHES = 3;

/** A job somebody works on: if it is not done when it is let go, it goes back to the queue. */
export class Job {
  #jobs: Jobs;
  #done = false;

  constructor(jobs: Jobs, readonly id: number) {
    this.#jobs = jobs;
  }

  complete(): void {
    this.#done = true;
    this.#jobs.completed(this.id);
  }

  [Symbol.dispose](): void {
    if (!this.#done) this.#jobs.giveBack(this.id);
  }
}

/** The jobs that nobody works on. None is lost: each is waiting, held by a worker, or done. */
export class Jobs {
  readonly done: number[] = [];
  #waiting: number[];
  #total: number;
  #changed = new Notify();

  constructor(total: number) {
    this.#total = total;
    this.#waiting = Array.from({ length: total }, (_, index) => index + 1);
  }

  /** A job, as soon as there is one; undefined when all are done. */
  *take(): Co<Job | undefined> {
    for (;;) {
      const changed = this.#changed.notified();
      if (this.done.length === this.#total) return undefined;
      const id = this.#waiting.shift();
      if (id !== undefined) return new Job(this, id);
      yield* changed;
    }
  }

  completed(id: number): void {
    this.done.push(id);
    if (this.done.length === this.#total) this.#changed.notifyAll();
  }

  giveBack(id: number): void {
    this.#waiting.unshift(id);
    this.#changed.notifyOne();
  }
}

/** Works until all jobs are done; a job that is in `cursed` crashes it, once. */
function* worker(jobs: Jobs, cursed: Set<number>): Co<void> {
  for (;;) {
    using job = yield* jobs.take();
    if (job === undefined) return;
    yield* sleep(JOB_MS);
    if (cursed.delete(job.id)) throw new Error(`job ${job.id} broke it`);
    job.complete();
  }
}

/** Runs the pool to its end, and answers whether all jobs were done. */
export function* run(
  strategy: Strategy,
  crashes: number,
  print: (line: string) => void,
): Co<boolean> {
  const jobs = new Jobs(JOBS);
  const cursed = new Set(Array.from({ length: crashes }, (_, index) => 2 * index + 1));
  const children = Array.from({ length: WORKERS }, (_, index) => ({
    name: `worker ${index + 1}`,
    restart: "transient" as const,
    start: () => worker(jobs, cursed),
  }));
  try {
    yield* supervise(children, { strategy, onEvent: (event) => print(describe(event)) });
  } catch (error) {
    if (!(error instanceof RestartLimit)) throw error;
  }
  print(`${jobs.done.length} of ${JOBS} jobs done`);
  return jobs.done.length === JOBS;
}

function describe(event: SupervisorEvent): string {
  switch (event.what) {
    case "failed":
      return `${event.child} failed: ${event.error instanceof Error ? event.error.message : ""}`;
    case "restarted":
      return `${event.child} restarted, because ${event.because} failed`;
    case "gave up":
      return `gave up after ${event.error.history.length} failures within ${event.error.within} ms`;
    default:
      return `${event.child} ${event.what}`;
  }
}

/** @throws {TypeError} saying what is wrong with them */
function parse(args: readonly string[]): [Strategy, number] {
  const [name = STRATEGIES[0], count = `${DEFAULT_CRASHES}`, ...more] = args;
  const strategy = STRATEGIES.find((strategy) => strategy === name);
  if (strategy === undefined) {
    throw new TypeError(`expected ${STRATEGIES.join(", ")} as strategy, got "${name}"`);
  }
  if (!/^\d+$/.test(count) || 2 * Number(count) > JOBS) {
    throw new TypeError(`expected a number of crashes from 0 to ${JOBS / 2}, got "${count}"`);
  }
  if (more.length > 0) throw new TypeError(`expected two arguments at most, got ${args.length}`);
  return [strategy, Number(count)];
}

if (import.meta.main) {
  try {
    const [strategy, crashes] = parse(Deno.args);
    const finished = await blockOn(() => run(strategy, crashes, console.log));
    Deno.exit(finished ? 0 : 1);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`worker_pool: ${error.message}`);
    Deno.exit(2);
  }
}
