/**
 * Lesson 05, the executor: many tasks take turns on one thread.
 *
 * Leads to runtime/engine/executor.ts (the run queue), runtime/engine/event_loop.ts (one turn),
 * runtime/time/sleep.ts (DelayFuture, as the runtime has it) and runtime/threads/block_on_sync.ts
 * (the smallest executor there is).
 */

import {
  blockOnSync,
  type Co,
  joinAll,
  now,
  Parker,
  Pending,
  pollFn,
  Runtime,
  sleep,
  spawn,
  yieldNow,
} from "wakeful/runtime";
import { byHand, runTest } from "wakeful/testing";
import { assert, assertEquals, assertFalse } from "../support/assert.ts";
import { Countdown } from "./countdown.ts";
import { SecondThread } from "./second_thread.ts";
import { show } from "./show.ts";

/** Longer than any thread takes; reached only when something is broken. */
const FOR_EVER = 10_000;
const SECOND = 1000;

Deno.test("lesson 05.1 · one future is run by polling, parking the thread, and polling again", () => {
  assertEquals(blockOnSync(new Countdown(3)), "liftoff"); // it wakes itself, so no park lasts
});

Deno.test("lesson 05.1 · the thread sleeps until another one wakes it, and polls just once more", async () => {
  using thread = await SecondThread.start();
  const parker = new Parker();
  let polls = 0;
  const answer = pollFn(() => {
    if (++polls > 1) return thread.answer;
    thread.ask(parker);
    return Pending;
  });
  assertEquals(blockOnSync(answer, { parker, limit: FOR_EVER }), 42);
  show(`${polls} polls, and no busy wait between them`);
  assertEquals(polls, 2);
});

/** Counts down to 1, and lets the others run after each number. */
function* countDown(name: string, from: number, log: string[]): Co<void> {
  for (let left = from; left > 0; left--) {
    log.push(`${name}${left}`);
    yield* yieldNow();
  }
}

Deno.test("lesson 05.2 · multi-task executor interleaves three countdowns", async () => {
  const log: string[] = [];
  const bodies = [countDown("a", 3, log), countDown("b", 2, log), countDown("c", 1, log)];
  await runTest(() => joinAll(bodies.map((body) => spawn(body))));
  show(log.join(" "));
  assertEquals(log, ["a3", "b2", "c1", "a2", "b1", "a1"]);
});

Deno.test("lesson 05.3 · a delay leaves a timer and its waker, and is pending until it is due", () => {
  const delay = byHand(() => sleep(100));
  delay.assertPending();
  assertEquals([delay.loop.timers.size, delay.wakersKept], [1, 1]);
  delay.loop.advance(99);
  assertFalse(delay.wasWoken());
  delay.assertPending(); // polled early it waits on, with the same timer
  assertEquals([delay.loop.timers.size, delay.wakersKept], [1, 1]);
  delay.loop.advance(1);
  assert(delay.wasWoken());
  delay.assertReady();
  assertEquals([delay.loop.timers.size, delay.wakersKept], [0, 0]);
});

Deno.test("lesson 05.4 · delays of three, one and two seconds end as 1, 2, 3 after three seconds", async () => {
  const ends = await runTest(function* () {
    const ends: [number, number][] = [];
    const tasks = [3, 1, 2].map((seconds) =>
      spawn(function* () {
        yield* sleep(seconds * SECOND);
        ends.push([seconds, now()]);
      })
    );
    yield* joinAll(tasks);
    assertEquals(now(), 3 * SECOND); // side by side, so not six
    return ends;
  });
  for (const [seconds, at] of ends) show(`${seconds} s: done at ${at} ms`);
  assertEquals(ends, [[1, SECOND], [2, 2 * SECOND], [3, 3 * SECOND]]);
});

Deno.test("lesson 05.5 · spawn returns at once; its handle has the value when the task has ended", async () => {
  await runTest(function* () {
    const handle = spawn(function* () {
      yield* sleep(SECOND);
      return "done";
    });
    assertEquals([now(), handle.isFinished()], [0, false]);
    assertEquals([yield* handle, now(), handle.isFinished()], ["done", SECOND, true]);
  });
});

Deno.test("lesson 05.5 · from outside, a runtime spawns and plain async code awaits", async () => {
  await using runtime = Runtime.builder().build();
  const handle = runtime.spawn(new Countdown(3));
  assertEquals([await handle, runtime.statistics().tasks], ["liftoff", 0]);
});
