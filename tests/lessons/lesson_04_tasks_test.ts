/**
 * Lesson 04, tasks: a future that runs by itself, because it knows the queue it belongs to.
 *
 * Leads to runtime/task/task.ts (future, place in the queue, outcome), runtime/task/state.ts (why it
 * is queued once) and runtime/task/join_handle.ts.
 */

import { Parker, pending, ready, type Runnable, sleep, spawn } from "wakeful/runtime";
import { ManualLoop, runTest } from "wakeful/testing";
import { assertEquals, assertFalse, assertStrictEquals, assertThrows } from "../support/assert.ts";
import { Gate } from "../support/gate.ts";
import { Countdown } from "./countdown.ts";
import { show } from "./show.ts";

/** Takes the task at the head of the queue and polls it once. */
function runNext(loop: ManualLoop): Runnable {
  const task = loop.queue.shift()!;
  task.run();
  return task;
}

Deno.test("lesson 04.1 · to spawn is to put a future in the queue; it has not been polled yet", () => {
  const [loop, countdown] = [new ManualLoop(), new Countdown(3)];
  loop.inside(() => spawn(countdown, { name: "countdown" }));
  assertEquals(loop.queue.map((task) => task.name), ["countdown"]);
  assertEquals([loop.alive.size, countdown.left], [1, 3]);
  runNext(loop);
  assertEquals(countdown.left, 2);
});

Deno.test("lesson 04.2 · its waker puts the task back in the queue, once", () => {
  const [loop, gate] = [new ManualLoop(), new Gate()];
  loop.inside(() => spawn(gate));
  const task = runNext(loop);
  assertEquals(loop.queue.length, 0); // it waits, and costs nobody anything
  gate.nudge();
  gate.nudge();
  assertEquals(loop.queue.length, 1);
  assertStrictEquals(loop.queue[0], task);
});

Deno.test("lesson 04.3 · the whole life of a task, with the queue looked at after each poll", () => {
  const loop = new ManualLoop();
  const handle = loop.inside(() => spawn(new Countdown(2)));
  const life = [{ queued: loop.queue.length, alive: loop.alive.size, ended: handle.isFinished() }];
  while (loop.queue.length > 0) {
    runNext(loop);
    life.push({ queued: loop.queue.length, alive: loop.alive.size, ended: handle.isFinished() });
  }
  life.forEach((moment, polls) => show(`after ${polls} polls: ${JSON.stringify(moment)}`));
  assertEquals(life, [
    { queued: 1, alive: 1, ended: false }, // spawned
    { queued: 1, alive: 1, ended: false }, // first poll: Pending, woken meanwhile
    { queued: 1, alive: 1, ended: false }, // second poll: the same
    { queued: 0, alive: 0, ended: true }, // third poll: the value
  ]);
});

Deno.test("lesson 04.4 · a join handle is a future of the task's value", async () => {
  const answer = await runTest(function* () {
    const handle = spawn(function* () {
      yield* sleep(10);
      return 42;
    });
    assertFalse(handle.isFinished());
    return yield* handle;
  });
  assertEquals(answer, 42);
});

Deno.test("lesson 04.4 · an error ends its own task only, and goes to whoever joins", async () => {
  const outcomes = await runTest(function* () {
    const bad = spawn(function* () {
      throw new RangeError("its own");
    });
    const good = spawn(() => ready("unharmed"));
    try {
      yield* bad;
    } catch (error) {
      return [String(error), yield* good];
    }
  });
  assertEquals(outcomes, ["RangeError: its own", "unharmed"]);
});

Deno.test("lesson 04.5 · a task stays on its thread: code cannot be sent to another one", () => {
  function* body() {
    yield* pending();
  }
  for (const [what, value] of [["a function", body], ["a coroutine", body()]] as const) {
    const error = assertThrows(() => structuredClone(value), DOMException, "could not be cloned");
    show(`${what}: ${error.name}`);
    assertEquals(error.name, "DataCloneError");
  }
});

Deno.test("lesson 04.5 · a future arrives without its poll, so what crosses is data", () => {
  const copy: unknown = structuredClone(new Countdown(3));
  assertEquals(copy, { left: 3 });
});

Deno.test("lesson 04.5 · shared memory is the same on both sides, and so what a parker crosses by", () => {
  const here = new Parker();
  const there = new Parker(structuredClone(here.buffer)); // what a Worker receives
  there.unpark();
  assertEquals(here.park(0), true);
});
