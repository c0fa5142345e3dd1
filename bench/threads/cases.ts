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
/** About a millisecond of work. */
const STEPS = 1_000_000;
const MICROSECONDS = 1000;
const IDLE_MS = 2_000;
/** Until the compiler and the garbage collector have done with what was before. */
const SETTLE_MS = 1_000;
const MESSAGES = 1_000_000;
const DRIPS = 300;
const P99 = 0.99;
const TICK_MS = 10;
const FIBONACCI = 36;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function timed(work: () => PromiseLike<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
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

async function scaling(): Promise<number> {
  const jobs = Array.from({ length: 200 }, (): [number] => [2 * STEPS]);
  const times = [];
  for (const threads of [1, 2]) {
    await using pool = await warmPool(threads);
    times.push(await timed(() => Promise.all(jobs.map(([steps]) => pool.run(compute, steps)))));
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
  const [their, our] = [await timed(theirs), await timed(() => all(pool, trivial, [1]))];
  await piscina.destroy();
  return our / their;
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
  const theirs = await timed(messages);
  worker.terminate();
  const calls = Array.from({ length: TASKS }, (_, i): [number] => [i]);
  return theirs / await timed(() => pool.runAll(trivial, calls));
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

async function lateness(): Promise<number> {
  await using runtime = Runtime.builder().enableAll().blockingPool({ threads: 2 }).build();
  const late: number[] = [];
  await runtime.blockOn(function* (): Co<void> {
    const tasks = [0, 1].map(() => runtime.spawnBlocking(fibonacci, [FIBONACCI]));
    const ticks = interval(TICK_MS);
    let due = performance.now();
    while (!tasks.every((task) => task.isFinished())) {
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
    measure: scaling,
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
    measure: lateness,
  },
];
