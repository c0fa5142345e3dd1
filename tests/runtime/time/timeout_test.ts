import {
  OutsideRuntime,
  PolledAfterReady,
  ready,
  sleep,
  TimedOut,
  timeout,
  timeoutAt,
} from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup, waiting } from "../../support/bodies.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder, thrownBy } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** A limit of ten milliseconds on a gate. */
function limited() {
  const loop = new FakeLoop();
  const gate = new Gate<string>();
  const limit = handPoll(() => timeout(10, gate), loop);
  return { loop, gate, limit };
}

Deno.test("timeout: a body that is ready in time gives its value and leaves no timer", () => {
  const { loop, gate, limit } = limited();
  limit.assertPending();
  assertEquals([loop.timers.size, limit.kept], [1, 2]);
  gate.open("in time");
  assert(limit.woken);
  limit.assertReady("in time");
  assertEquals([loop.timers.size, limit.kept], [0, 0]);
  assertThrows(() => limit.poll(), PolledAfterReady, "a timeout");
});

Deno.test("timeout: a body that is ready at once needs no timer", () => {
  const limit = handPoll(() => timeout(10, ready(1)));
  limit.assertReady(1);
  assertEquals(limit.loop.timers.size, 0);
});

Deno.test("timeout: when the time is up the body is dropped, then TimedOut is thrown", () => {
  const { loop, gate, limit } = limited();
  limit.assertPending();
  loop.advance(9);
  assertFalse(limit.woken);
  loop.advance(1);
  assert(limit.woken);
  assertThrows(() => limit.poll(), TimedOut, "10 ms");
  assertEquals([gate.dropped, loop.timers.size, limit.kept], [1, 0, 0]);
  assertThrows(() => limit.poll(), PolledAfterReady);
});

Deno.test("timeout: a body that is ready in the tick of its deadline has made it", () => {
  const { loop, gate, limit } = limited();
  limit.assertPending();
  gate.open("just in time");
  loop.advance(50);
  limit.assertReady("just in time");
});

Deno.test("timeout: a poll for another reason does not end it early, nor put it off", () => {
  const { loop, gate, limit } = limited();
  limit.assertPending();
  loop.advance(6);
  gate.nudge();
  limit.assertPending();
  loop.advance(4);
  assert(limit.woken);
  assertThrows(() => limit.poll(), TimedOut);
});

Deno.test("timeout: counts from the call, however long ago the turn began", () => {
  const loop = new FakeLoop();
  loop.clock.time = 7;
  const limit = handPoll(() => timeout(10, new Gate()), loop);
  limit.assertPending();
  loop.advance(9);
  limit.assertPending();
  loop.advance(1);
  assertThrows(() => limit.poll(), TimedOut);
});

Deno.test("timeout: dropping it drops the body and leaves no timer; twice is allowed", () => {
  const { loop, gate, limit } = limited();
  limit.assertPending();
  limit.drop();
  limit.drop();
  assertEquals([gate.dropped, loop.timers.size, limit.kept], [1, 0, 0]);
});

Deno.test("timeout: the error of a body is thrown on, and leaves no timer", () => {
  const loop = new FakeLoop();
  const gate = new Gate();
  const limit = handPoll(
    () =>
      timeout(10_000, function* () {
        yield* gate;
        yield* failing();
      }),
    loop,
  );
  limit.assertPending();
  gate.open();
  assertThrows(() => limit.poll(), RangeError, "own");
  assertEquals([loop.timers.size, limit.kept], [0, 0]);
});

Deno.test("timeout: polled after the body's error it is an error of its own", () => {
  const limit = handPoll(() => timeout(10, failing));
  assertThrows(() => limit.poll(), RangeError, "own");
  assertThrows(() => limit.poll(), PolledAfterReady, "a timeout");
});

Deno.test("timeout: an error in the body's cleanup takes the place of TimedOut", () => {
  using virtual = new VirtualRuntime();
  const body = function* () {
    yield* timeout(10, failingInCleanup());
  };
  assertThrows(() => virtual.run(body), RangeError, "in cleanup");
  assertEquals(virtual.runtime.statistics().timers, 0);
});

Deno.test("timeout: nested, the shorter one strikes and the longer one's timer goes too", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const body = function* () {
    try {
      yield* timeout(100, timeout(10, waiting(log, "cleaned")));
    } catch (error) {
      log.note(`${(error as TimedOut).milliseconds}@${virtual.clock.time}`);
    }
  };
  virtual.run(body);
  assertEquals([log.line, virtual.runtime.statistics().timers], ["cleaned 10@10", 0]);
});

Deno.test("timeout: takes a function, and outside a task it is an error", () => {
  using virtual = new VirtualRuntime();
  assertEquals(
    virtual.run(function* () {
      return yield* timeout(10, function* () {
        yield* sleep(5);
        return "value";
      });
    }),
    "value",
  );
  assertThrows(() => timeout(1, ready(1)), OutsideRuntime);
});

Deno.test("timeoutAt: throws when the clock shows the deadline, with how long that was", () => {
  using virtual = new VirtualRuntime();
  virtual.advance(100);
  const error = thrownBy(() =>
    virtual.run(function* () {
      yield* timeoutAt(130, new Gate(), "news");
    })
  ) as TimedOut;
  assertEquals([virtual.clock.time, error.milliseconds, error.what], [130, 30, "news"]);
});

Deno.test("timeoutAt: a deadline that has passed lets through what is ready, and nothing else", () => {
  using virtual = new VirtualRuntime();
  virtual.advance(100);
  const atOnce = function* () {
    return "ready";
  };
  assertEquals(virtual.run(() => timeoutAt(50, atOnce)), "ready");
  const error = thrownBy(() => virtual.run(() => timeoutAt(50, new Gate()))) as TimedOut;
  assertEquals([virtual.clock.time, error.milliseconds], [100, 0]);
});
