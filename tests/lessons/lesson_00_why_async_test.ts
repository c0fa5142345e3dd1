/**
 * Lesson 00, why async: a task costs next to nothing, and one that waits stops nobody.
 *
 * Leads to runtime/task/task.ts (all that a task is), runtime/time/timer_queue.ts (one timer of the
 * platform for all sleeps) and net/half_op.ts (a read that answers Pending instead of blocking).
 */

import { join, joinAll, now, Parker, Runtime, sleep, spawn, yieldNow } from "wakeful/runtime";
import { TcpListener, TcpStream } from "wakeful/net";
import { runTest } from "wakeful/testing";
import { assertEquals, assertGreater } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { show } from "./show.ts";

const SECOND = 1000;

/** How many milliseconds of real time `work` takes. */
async function measured(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** Starts threads that do nothing, and waits until they run. */
async function startThreads(count: number): Promise<void> {
  const threads = Array.from(
    { length: count },
    () => new Worker("data:text/javascript,postMessage('runs')", { type: "module" }),
  );
  await Promise.all(threads.map((thread) => new Promise((runs) => thread.onmessage = runs)));
  for (const thread of threads) thread.terminate();
}

/** Starts tasks that do nothing, and waits until they have ended. */
function startTasks(count: number): Promise<unknown> {
  return runTest(() => joinAll(Array.from({ length: count }, () => spawn(() => yieldNow()))));
}

Deno.test("lesson 00.1 · ten thousand tasks that sleep a second are done after one second", async () => {
  const ends = await runTest(() =>
    joinAll(Array.from({ length: 10_000 }, () =>
      spawn(function* () {
        yield* sleep(SECOND);
        return now();
      })))
  );
  assertEquals(ends, new Array(10_000).fill(SECOND));
});

Deno.test("lesson 00.1 · one thread costs as much time as more than a hundred tasks", async () => {
  const perThread = await measured(() => startThreads(4)) / 4;
  const perTask = await measured(() => startTasks(10_000)) / 10_000;
  show(`a thread: ${perThread.toFixed(1)} ms, a task: ${(perTask * 1000).toFixed(1)} µs`);
  assertGreater(perThread, 100 * perTask);
});

Deno.test("lesson 00.2 · a hundred thousand tasks live at once on one thread", async () => {
  using runtime = Runtime.builder().startPaused().build();
  const begin = performance.now();
  const all = Array.from({ length: 100_000 }, () => runtime.spawn(() => sleep(SECOND)));
  await runtime.blockOn(() => yieldNow()); // behind all of them in the queue: each has begun to sleep
  show(`100,000 tasks started and asleep after ${(performance.now() - begin) | 0} ms`);
  assertEquals(runtime.statistics(), { tasks: 100_000, timers: 100_000, registrations: 0 });
  await runtime.blockOn(() => joinAll(all));
  assertEquals(runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});

Deno.test("lesson 00.3 · a read that finds nothing parks its task, and another task runs", async () => {
  const log: string[] = [];
  await runTest(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    using client = yield* TcpStream.connect(listener.localAddr);
    using server = yield* listener.accept();
    const reader = spawn(function* () {
      log.push("wait");
      const buffer = new Uint8Array(16);
      const n = yield* server.read(buffer);
      log.push(`got ${textOf(buffer.subarray(0, n))}`);
    });
    const other = spawn(function* () {
      for (let step = 1; step <= 3; step++) {
        log.push(`step ${step}`);
        yield* yieldNow();
      }
      yield* client.writeAll(bytes("hello"));
    });
    yield* join(reader, other);
  });
  assertEquals(log, ["wait", "step 1", "step 2", "step 3", "got hello"]);
});

Deno.test("lesson 00.3 · a call that blocks stops the thread, and with it every other task", async () => {
  const log: string[] = [];
  await runTest(function* () {
    const reader = spawn(function* () {
      log.push("wait");
      new Parker().park(10); // as a blocking read would, for 10 ms
      log.push("gave up");
    });
    const other = spawn(function* () {
      log.push("step 1");
    });
    yield* join(reader, other);
  });
  assertEquals(log, ["wait", "gave up", "step 1"]);
});
