/**
 * Lesson 14, work stealing: whoever has nothing to do takes half of what another has.
 *
 * Read on in runtime/threads/steal_deque.ts, shared_ring.ts, pool_worker.ts and
 * work_stealing_pool.ts, which tells how the threads rest and wake. What moves between threads is
 * a portable task: closures cannot.
 */

import { EMPTY, SharedMemory, StealDeque, WorkStealingPool } from "wakeful/runtime";
import { assert, assertEquals, assertGreater } from "../support/assert.ts";
import { begun } from "../support/begun.ts";
import {
  compute,
  fill,
  LockedQueue,
  QUEUE,
  READY,
  square,
  stealFrom,
  STOP,
  takeLocked,
} from "./elsewhere.ts";
import { show } from "./show.ts";

const STEPS = 500_000;
const ran = (pool: WorkStealingPool) => pool.statistics().map(({ ran }) => ran);

Deno.test("lesson 14.1 · two workers, 100 tasks: both ran some", async () => {
  await using pool = new WorkStealingPool({ threads: 2 });
  await begun(pool);
  await Promise.all(Array.from({ length: 100 }, () => pool.run(compute, STEPS)));
  const [first, second] = ran(pool);
  show(`worker 0 ran ${first}, worker 1 ran ${second}`);
  assertEquals(first + second, 100);
  assert(first > 0 && second > 0);
});

Deno.test("lesson 14.2 · 50 tasks in the queue of one worker: the other steals from it", async () => {
  await using pool = new WorkStealingPool({ threads: 2 });
  await begun(pool);
  await pool.run(fill, 50, STEPS);
  const workers = pool.statistics();
  show(...workers.map(({ ran, stolen }, i) => `worker ${i} ran ${ran}, stole ${stolen}`));
  assertEquals(workers[0].ran + workers[1].ran, 50 + 1);
  assertGreater(workers[0].stolen + workers[1].stolen, 0);
});

Deno.test("lesson 14.3 · 10,000 tasks on this thread and on a pool: the same results", async () => {
  await using pool = new WorkStealingPool({ threads: 2 });
  const calls = Array.from({ length: 10_000 }, (_, i): [number] => [i]);
  await pool.runAll(square, calls.slice(0, 100));
  const perSecond = (begin: number) => Math.round(calls.length / (performance.now() - begin));
  let begin = performance.now();
  const here = calls.map(([n]) => square.run(n));
  show(`this thread: ${perSecond(begin)} per ms, since a call costs nothing`);
  begin = performance.now();
  const one = await Promise.all(calls.map(([n]) => pool.run(square, n)));
  show(`the pool, task by task: ${perSecond(begin)} per ms`);
  begin = performance.now();
  const all = await pool.runAll(square, calls);
  show(`the pool, as a batch: ${perSecond(begin)} per ms`);
  assertEquals(one, here);
  assertEquals(all, here as number[]);
});

const ITEMS = 20_000;
const SIZE = 1 << 15;

/** Has one thread take from a queue while this one pushes and pops; answers what each took. */
async function contend(
  take: (pool: WorkStealingPool, buffer: SharedArrayBuffer) => PromiseLike<number>,
  queue: (memory: SharedMemory) => { push(item: number): unknown; pop(): number },
): Promise<[own: number, others: number, milliseconds: number]> {
  await using pool = new WorkStealingPool({ threads: 1 });
  const memory = new SharedMemory(new SharedArrayBuffer(4 * (QUEUE + StealDeque.words(SIZE))));
  const thief = take(pool, memory.buffer);
  while (memory.load(READY) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const mine = queue(memory);
  let own = 0;
  const begin = performance.now();
  for (let i = 0; i < ITEMS; i++) {
    mine.push(i);
    if (i % 2 === 1 && mine.pop() !== EMPTY) own++;
  }
  while (mine.pop() !== EMPTY) own++;
  const elapsed = performance.now() - begin;
  memory.store(STOP, 1);
  return [own, await thief, elapsed];
}

Deno.test("lesson 14.4 · the Chase-Lev deque and a locked queue: each item is taken once", async () => {
  const stealing = await contend(
    (pool, buffer) => pool.run(stealFrom, buffer, SIZE),
    (memory) => new StealDeque(memory, QUEUE, SIZE),
  );
  const locked = await contend(
    (pool, buffer) => pool.run(takeLocked, buffer),
    (memory) => new LockedQueue(memory),
  );
  for (const [name, [own, others, ms]] of Object.entries({ stealing, locked })) {
    show(`${name}: its owner took ${own}, the thief ${others}, in ${ms.toFixed(1)} ms`);
    assertEquals(own + others, ITEMS);
  }
});
