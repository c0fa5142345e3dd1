/** What is measured about threads, each with the bar that it is held against. */
import { cpuUsage } from "node:process";
import { Piscina } from "piscina";
import {
  type Co,
  End,
  interval,
  type Portable,
  Runtime,
  sharedChannel,
  transfer,
  WorkStealingPool,
} from "wakeful/runtime";
import { compute, drip, fibonacci, fill, type Flood, flood, trivial } from "./tasks.ts";
import { summarize } from "../harness/stats.ts";

export interface Case {
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  /** The figure must be at least, or at most, so much. */
  readonly bar: readonly ["at least" | "at most", number];
  measure(): Promise<number>;
}

const TASKS = 10_000;
const JOBS = 200;
/** Short measurements are made so often, and the median counts. */
const PAIRS = 9;
/** About a millisecond of work. */
const STEPS = 1_000_000;
const MICROSECONDS = 1000;
const IDLE_MS = 2_000;
/** Until the compiler and the garbage collector have done with what was before. */
const SETTLE_MS = 1_000;
const MESSAGES = 3_000_000;
const DRIPS = 300;
const P99 = 0.99;
const TICK_MS = 10;
const SOME_MS = 1_500;
const FIBONACCI = 41;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function timed(work: () => PromiseLike<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let i = 0; i < PAIRS; i++) figures.push(await measure());
  return summarize(figures).median;
}

/** A pool whose threads have begun and know the task. */
async function warmPool(threads: number): Promise<WorkStealingPool> {
  const pool = new WorkStealingPool({ threads });
  while (pool.statistics().some(({ parked }) => parked === 0)) await pause(1);
  await pool.runAll(compute, Array.from({ length: 100 }, () => [1000]));
  await pool.runAll(trivial, Array.from({ length: TASKS }, (_, i) => [i]));
  return pool;
}

const all = <A extends unknown[]>(pool: WorkStealingPool, task: Portable<A, unknown>, args: A) =>
  Promise.all(Array.from({ length: TASKS }, () => pool.run(task, ...args)));

async function least(work: (pool: WorkStealingPool) => PromiseLike<unknown>): Promise<number> {
  await using pool = await warmPool(2);
  const before = pool.statistics();
  await work(pool);
  return Math.min(...pool.statistics().map(({ ran }, i) => ran - before[i].ran));
}

/** How much faster a pool computes with two threads than with one. */
async function poolGain(): Promise<number> {
  const times = [];
  for (const threads of [1, 2]) {
    await using pool = await warmPool(threads);
    const jobs = Array.from({ length: JOBS }, () => 2 * STEPS);
    times.push(await timed(() => Promise.all(jobs.map((steps) => pool.run(compute, steps)))));
  }
  return times[0] / times[1];
}

/** The same for plain Workers with half of the work each: the most that is to be had. */
async function plainGain(): Promise<number> {
  const times = [];
  for (const threads of [1, 2]) {
    const workers = Array.from({ length: threads }, () => {
      return new Worker(new URL("./spin_worker.ts", import.meta.url), { type: "module" });
    });
    const spin = (steps: number) =>
      Promise.all(workers.map((worker) =>
        new Promise((resolve) => {
          worker.onmessage = resolve;
          worker.postMessage(steps);
        })
      ));
    await spin(STEPS);
    times.push(await timed(() => spin(2 * STEPS * JOBS / threads)));
    for (const worker of workers) worker.terminate();
  }
  return times[0] / times[1];
}

async function idle(): Promise<number> {
  await using _pool = await warmPool(2);
  await pause(SETTLE_MS);
  const before = cpuUsage();
  await pause(IDLE_MS);
  const { user, system } = cpuUsage(before);
  return (user + system) / MICROSECONDS;
}

async function besidePiscina(): Promise<number> {
  await using pool = await warmPool(2);
  const filename = new URL("./piscina_task.mjs", import.meta.url).href;
  const piscina = new Piscina({ filename, minThreads: 2, maxThreads: 2 });
  const theirs = () => Promise.all(Array.from({ length: TASKS }, (_, i) => piscina.run(i)));
  await theirs();
  const ratio = await medianOf(async () => {
    const their = await timed(theirs);
    return await timed(() => all(pool, trivial, [1])) / their;
  });
  await piscina.destroy();
  return ratio;
}

async function besideMessages(): Promise<number> {
  await using pool = await warmPool(2);
  const worker = new Worker(new URL("./echo_worker.ts", import.meta.url), { type: "module" });
  const messages = () =>
    new Promise<void>((resolve) => {
      let left = TASKS;
      worker.onmessage = () => --left === 0 && resolve();
      for (let i = 0; i < TASKS; i++) worker.postMessage(i);
    });
  await messages();
  const calls = Array.from({ length: TASKS }, (_, i): [number] => [i]);
  const ratio = await medianOf(async () => {
    const theirs = await timed(messages);
    return theirs / await timed(() => pool.runAll(trivial, calls));
  });
  worker.terminate();
  return ratio;
}

/** Receives all that a task on another thread sends, and tells of each batch. */
async function receive<T>(
  task: Portable<[Flood], void>,
  count: number,
  onBatch: (some: T[]) => void,
): Promise<void> {
  await using runtime = Runtime.builder().enableAll().blockingPool({ threads: 1 }).build();
  await runtime.blockOn(function* (): Co<void> {
    using receiver = sharedChannel<T>({ capacity: 1 << 20 });
    const ticket = receiver.ticket();
    const sending = runtime.spawnBlocking(task, [{ ticket, count }, transfer([ticket.port])]);
    for (;;) {
      const some = yield* receiver.recvMany(TASKS);
      if (some === End) break;
      onBatch(some);
    }
    yield* sending;
  });
}

async function messagesPerSecond(): Promise<number> {
  let [begin, end] = [0, 0];
  await receive(flood, MESSAGES, () => {
    end = performance.now();
    begin ||= end;
  });
  return MESSAGES / (end - begin) / MICROSECONDS;
}

async function messageDelay(): Promise<number> {
  const delays: number[] = [];
  await receive<number>(drip, DRIPS, ([sent]) => {
    delays.push(performance.timeOrigin + performance.now() - sent);
  });
  return summarize(delays).median * MICROSECONDS;
}

/** The p99 lateness of an interval; without tasks, for as long as they would take. */
async function lateness(busy: boolean): Promise<number> {
  await using runtime = Runtime.builder().enableAll().blockingPool({ threads: 2 }).build();
  const late: number[] = [];
  await runtime.blockOn(function* (): Co<void> {
    yield* runtime.spawnBlocking(fibonacci, [FIBONACCI / 2 | 0]);
    const tasks = (busy ? [0, 1] : []).map(() => runtime.spawnBlocking(fibonacci, [FIBONACCI]));
    const ticks = interval(TICK_MS);
    let due = performance.now();
    const end = due + SOME_MS;
    while (busy ? !tasks.every((task) => task.isFinished()) : performance.now() < end) {
      yield* ticks.tick();
      late.push(performance.now() - due);
      due += TICK_MS;
      if (performance.now() > due) due = performance.now() + TICK_MS;
    }
    for (const task of tasks) yield* task;
  });
  late.sort((a, b) => a - b);
  return late[Math.floor(late.length * P99)];
}

export const cases: readonly Case[] = [
  {
    title: "100 tasks on 2 workers: the one that ran fewer",
    unit: "tasks",
    digits: 0,
    bar: ["at least", 1],
    measure: () =>
      least((pool) => Promise.all(Array.from({ length: 100 }, () => pool.run(compute, STEPS)))),
  },
  {
    title: "50 tasks in one worker's queue: the one that ran fewer",
    unit: "tasks",
    digits: 0,
    bar: ["at least", 15],
    measure: () => least((pool) => pool.run(fill, 50, STEPS)),
  },
  {
    title: "computing on 2 workers beside 1",
    unit: "× as fast",
    digits: 2,
    bar: ["at least", 1.8],
    measure: poolGain,
  },
  {
    title: "the same with two plain Workers: what the machine gives just now",
    unit: "× as fast",
    digits: 2,
    bar: ["at least", 1.8],
    measure: plainGain,
  },
  {
    title: `an idle pool's CPU time in ${IDLE_MS / 1000} s`,
    unit: "ms",
    digits: 1,
    bar: ["at most", 5],
    measure: idle,
  },
  {
    title: "10,000 trivial tasks beside piscina",
    unit: "× its time",
    digits: 2,
    bar: ["at most", 1],
    measure: besidePiscina,
  },
  {
    title: "a batch of 10,000 beside a message there and back for each",
    unit: "× as fast",
    digits: 1,
    bar: ["at least", 5],
    measure: besideMessages,
  },
  {
    title: "small messages between two threads",
    unit: "million/s",
    digits: 2,
    bar: ["at least", 1],
    measure: messagesPerSecond,
  },
  {
    title: "one message on an idle channel",
    unit: "µs",
    digits: 0,
    bar: ["at most", 100],
    measure: messageDelay,
  },
  {
    title: "p99 lateness of a 10 ms interval beside Fibonacci on all workers",
    unit: "ms",
    digits: 2,
    bar: ["at most", 5],
    measure: () => lateness(true),
  },
  {
    title: "the same beside nothing: what the machine gives just now",
    unit: "ms",
    digits: 2,
    bar: ["at most", 5],
    measure: () => lateness(false),
  },
];
