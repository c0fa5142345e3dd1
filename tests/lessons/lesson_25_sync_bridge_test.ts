/**
 * Lesson 25, the bridge between sync and async: blocking code in an async program, and the reverse.
 *
 * Read on in runtime/threads/block_on_sync.ts, spawn_blocking.ts and remote_handle.ts. A thread
 * that is blocked runs nothing else; so what it waits for has to be on another one.
 */

import {
  BlockedInsideTask,
  blockOn,
  blockOnSync,
  Parker,
  Pending,
  pollFn,
  RemoteHandle,
  Runtime,
  sleep,
  spawnBlocking,
} from "wakeful/runtime";
import { assertEquals, assertGreater, assertThrows } from "../support/assert.ts";
import { ask, fibonacci, occupy, serveOne, square } from "./elsewhere.ts";
import { SecondThread } from "./second_thread.ts";
import { show } from "./show.ts";

Deno.test("lesson 25.1 · a synchronous main waits for a future that another thread completes", async () => {
  using thread = await SecondThread.start();
  const parker = new Parker();
  let asked = false;
  const answer = blockOnSync(
    pollFn(() => {
      if (!asked) thread.ask(parker);
      asked = true;
      return thread.answer || Pending;
    }),
    { parker, limit: 10_000 },
  );
  assertEquals(answer, 42);
});

Deno.test("lesson 25.1 · an async client, called like any function by a blocked thread", async () => {
  await using runtime = Runtime.builder().blockingPool({ threads: 2 }).build();
  const port = new Int32Array(new SharedArrayBuffer(4));
  const server = runtime.spawnBlocking(serveOne, [port.buffer]);
  while (Atomics.load(port, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  using remote = new RemoteHandle(runtime.handle().remote());
  assertEquals(remote.call(ask, port[0], "hello"), "HELLO");
  await server;
});

Deno.test("lesson 25.2 · Fibonacci on another thread leaves this one its loop", async () => {
  await blockOn(function* () {
    const computing = spawnBlocking(fibonacci, [27]);
    let ticks = 0;
    for (; !computing.isFinished(); ticks++) yield* sleep(1);
    assertEquals(yield* computing, 196_418);
    show(`${ticks} ticks of this thread meanwhile`);
    assertGreater(ticks, 0);
  });
});

Deno.test("lesson 25.3 · a handle, used from another thread", async () => {
  await using runtime = Runtime.builder().blockingPool({ threads: 1 }).build();
  const worker = new Worker(new URL("./remote_worker.ts", import.meta.url), { type: "module" });
  const answer = new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
  worker.postMessage(runtime.handle().remote());
  assertEquals(await answer, 144);
  worker.terminate();
});

Deno.test("lesson 25.4 · to block inside a task is refused, since it would never end", async () => {
  await blockOn(function* () {
    assertThrows(() => blockOn(sleep(1)), BlockedInsideTask, "blockOn()");
    assertThrows(() => blockOnSync(sleep(1)), BlockedInsideTask, "blockOnSync()");
  });
});

Deno.test("lesson 25.5 · a blocking pool of two threads runs two tasks at once, never three", async () => {
  await using runtime = Runtime.builder().enableTime().blockingPool({ threads: 2 }).build();
  const words = new Int32Array(new SharedArrayBuffer(8));
  await runtime.blockOn(function* () {
    const tasks = Array.from({ length: 5 }, () => spawnBlocking(occupy, [words.buffer]));
    while (Atomics.load(words, 0) < 2) yield* sleep(1);
    yield* sleep(5);
    assertEquals(Atomics.load(words, 0), 2);
    Atomics.store(words, 1, 1);
    Atomics.notify(words, 1);
    const running: number[] = [];
    for (const task of tasks) running.push(yield* task);
    show(`so many ran as each began: ${running.join(", ")}`);
    assertEquals(Math.max(...running), 2);
  });
  assertEquals(await runtime.spawnBlocking(square, [3]), 9);
});
