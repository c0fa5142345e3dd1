import {
  Cancelled,
  noopWaker,
  OutsideRuntime,
  PolledAfterReady,
  type Sleep,
  sleep,
  sleepUntil,
} from "wakeful/runtime";
import { WakeTimer } from "../../../runtime/time/sleep.ts";
import { countingWaker } from "../../../runtime/core/waker.ts";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("sleep: pending until its time, then woken, then ready, then an error", () => {
  const loop = new FakeLoop();
  const slept = handPoll(() => sleep(10), loop);
  slept.assertPending();
  loop.advance(9);
  assertFalse(slept.woken);
  loop.advance(1);
  assert(slept.woken);
  slept.assertReady(undefined);
  assertThrows(() => slept.poll(), PolledAfterReady, "sleep()");
});

Deno.test("sleep: polled early it stays pending and holds one timer and one waker", () => {
  const loop = new FakeLoop();
  const slept = handPoll(() => sleep(10), loop);
  for (let i = 0; i < 5; i++) {
    loop.advance(1);
    slept.assertPending();
  }
  assertEquals([loop.timers.size, slept.kept], [1, 1]);
});

Deno.test("sleep: once it is over, or dropped, neither timer nor waker is left", () => {
  const loop = new FakeLoop();
  const [over, dropped] = [handPoll(() => sleep(5), loop), handPoll(() => sleep(5), loop)];
  over.assertPending();
  dropped.assertPending();
  dropped.drop();
  dropped.drop();
  loop.advance(5);
  over.assertReady(undefined);
  assertEquals([loop.timers.size, over.kept, dropped.kept], [0, 0, 0]);
  assertFalse(dropped.woken);
});

Deno.test("sleep: counts from the call, however long ago the turn began", () => {
  const loop = new FakeLoop();
  loop.clock.time = 7;
  const slept = handPoll(() => sleep(10), loop);
  slept.assertPending();
  loop.advance(9);
  assertFalse(slept.woken);
  loop.advance(1);
  slept.assertReady(undefined);
});

for (const ms of [0, -5]) {
  Deno.test(`sleep: ${ms} milliseconds are over at once`, () => {
    handPoll(() => sleep(ms)).assertReady(undefined);
  });
}

Deno.test("sleep: zero milliseconds are over at once, however long ago the turn began", () => {
  const loop = new FakeLoop();
  loop.clock.time = 7;
  handPoll(() => sleep(0), loop).assertReady(undefined);
});

Deno.test("sleep: outside a task it is an error", () => {
  assertThrows(() => sleep(1), OutsideRuntime);
});

Deno.test("sleepUntil: waits for what the clock shows; a moment that has passed is ready", () => {
  const loop = new FakeLoop();
  loop.advance(100);
  handPoll(sleepUntil(100), loop).assertReady(undefined);
  const later = handPoll(sleepUntil(130), loop);
  later.assertPending();
  loop.advance(30);
  assert(later.woken);
  later.assertReady(undefined);
});

Deno.test("sleep: tasks wake in the order of their deadlines, in virtual time", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  for (const ms of [300, 100, 200]) {
    virtual.spawn(function* () {
      yield* sleep(ms);
      log.note(`${ms}@${virtual.clock.time}`);
    });
  }
  virtual.advance(299);
  assertEquals(log.line, "100@100 200@200");
  virtual.advance(1);
  assertEquals(log.line, "100@100 200@200 300@300");
});

Deno.test("sleep: for ever sets no deadline that is near, and can be aborted", () => {
  using virtual = new VirtualRuntime();
  const task = virtual.spawnSleep(Infinity);
  virtual.advance(1e9);
  assertFalse(task.isFinished());
  task.abort();
  assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});

Deno.test("WakeTimer: arming it again moves the deadline and wakes the latest only", () => {
  const loop = new FakeLoop();
  const timer = new WakeTimer();
  const [first, second] = [countingWaker(), countingWaker()];
  timer.arm(loop.timers, 10, first.waker);
  timer.arm(loop.timers, 20, second.waker);
  loop.advance(19);
  assertEquals([first.count, second.count.wakes], [{ wakes: 0, handles: 1 }, 0]);
  loop.advance(1);
  assertEquals([first.count.wakes, second.count.wakes], [0, 1]);
});

Deno.test("WakeTimer: disarming one that was never armed is allowed", () => {
  const loop = new FakeLoop();
  const timer = new WakeTimer();
  timer.disarm(loop.timers);
  timer.fire();
  timer.arm(loop.timers, 5, noopWaker());
  assertEquals(loop.timers.size, 1);
});

Deno.test("Sleep: knows its deadline, and whether it has answered", () => {
  const loop = new FakeLoop();
  loop.advance(100);
  const slept = loop.inside(() => sleep(10));
  const polled = handPoll(slept, loop);
  polled.assertPending();
  loop.advance(10);
  assertEquals([slept.deadline, slept.isElapsed], [110, false]);
  polled.assertReady(undefined);
  assert(slept.isElapsed);
});

Deno.test("Sleep.reset: a later deadline puts off the wake of one who waits", () => {
  const loop = new FakeLoop();
  const slept = handPoll(sleepUntil(10), loop);
  slept.assertPending();
  (slept.future as Sleep).reset(20);
  loop.advance(19);
  assertFalse(slept.woken);
  loop.advance(1);
  assert(slept.woken);
  slept.assertReady(undefined);
});

Deno.test("Sleep.reset: an earlier deadline, even one that has passed, wakes the one who waits", () => {
  const loop = new FakeLoop();
  loop.advance(50);
  for (const deadline of [55, 10]) {
    const sleeping = sleepUntil(1_000);
    const slept = handPoll(sleeping, loop);
    slept.assertPending();
    sleeping.reset(deadline);
    loop.advance(5);
    assert(slept.woken);
    slept.assertReady(undefined);
  }
});

Deno.test("Sleep.reset: one that was over can be waited for again", () => {
  const loop = new FakeLoop();
  const sleeping = sleepUntil(0);
  handPoll(sleeping, loop).assertReady(undefined);
  sleeping.reset(10);
  assertEquals([sleeping.isElapsed, loop.timers.size], [false, 0]);
  const again = handPoll(sleeping, loop);
  again.assertPending();
  loop.advance(10);
  again.assertReady(undefined);
});

Deno.test("Sleep.reset: one that has fired and was not polled yet waits anew", () => {
  const loop = new FakeLoop();
  const sleeping = sleepUntil(10);
  const slept = handPoll(sleeping, loop);
  slept.assertPending();
  loop.advance(10);
  sleeping.reset(20);
  slept.assertPending();
  loop.advance(10);
  assertEquals(slept.wakes, 1);
  slept.assertReady(undefined);
});

Deno.test("Sleep.reset: of one that was dropped, or never polled, sets no timer", () => {
  const loop = new FakeLoop();
  const sleeping = sleepUntil(10);
  sleeping.reset(20);
  const slept = handPoll(sleeping, loop);
  slept.assertPending();
  slept.drop();
  sleeping.reset(30);
  assertEquals([loop.timers.size, slept.kept], [0, 0]);
  assertThrows(() => sleeping.reset(NaN), RangeError, "got NaN");
});

Deno.test("sleep: polled by two tasks in turn it wakes the latter only", () => {
  const loop = new FakeLoop();
  const sleeping = sleepUntil(10);
  const [before, after] = [handPoll(sleeping, loop), handPoll(sleeping, loop)];
  before.assertPending();
  after.assertPending();
  loop.advance(10);
  assertEquals([before.woken, after.woken, before.kept], [false, true, 0]);
});

Deno.test("sleep: a task that is aborted in the tick of its timer leaves nothing", () => {
  using virtual = new VirtualRuntime();
  const tasks = [virtual.spawnSleep(10)];
  virtual.spawn(function* () {
    yield* sleep(10);
    for (const task of tasks) task.abort();
  });
  tasks.push(virtual.spawnSleep(10)); // one before the aborting task in the queue, one after it
  virtual.advance(10);
  virtual.outcome(tasks[0]);
  assertThrows(() => virtual.outcome(tasks[1]), Cancelled);
  assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});
