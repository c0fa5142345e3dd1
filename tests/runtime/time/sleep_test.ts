import { noopWaker, OutsideRuntime, PolledAfterReady, sleep, sleepUntil } from "wakeful/runtime";
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
