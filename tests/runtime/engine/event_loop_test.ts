import { MissingDriver, Pending, pollFn, ready, Signal, yieldNow } from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup } from "../../support/bodies.ts";
import type { FakeSource } from "../../support/fake_driver.ts";
import { Gate } from "../../support/gate.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("EventLoop: rests from the beginning, without a deadline", () => {
  using virtual = new VirtualRuntime();
  assertEquals([virtual.driver.state, virtual.driver.deadline], ["parked", Infinity]);
  assertFalse(virtual.driver.awake);
});

Deno.test("EventLoop: spawning ends the rest, and nothing runs before that", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate();
  virtual.spawn(gate);
  assertEquals([gate.polls, virtual.driver.awake], [0, true]);
  virtual.driver.step();
  assertEquals([gate.polls, virtual.driver.state], [1, "parked"]);
});

Deno.test("EventLoop: a wake from outside ends the rest, one from inside does not ask twice", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate();
  virtual.spawn(gate);
  virtual.spawn(function* () {
    yield* yieldNow();
    gate.nudge();
  });
  virtual.settle();
  const before = virtual.driver.unparks;
  gate.nudge();
  gate.nudge();
  assertEquals(virtual.driver.unparks, before + 1);
  virtual.settle();
  assertEquals([gate.polls, before], [3, 2]);
});

Deno.test("EventLoop: rests until the earliest deadline", () => {
  using virtual = new VirtualRuntime();
  for (const ms of [30, 10, 20]) virtual.spawnSleep(ms);
  virtual.settle();
  assertEquals(virtual.driver.deadline, 10);
});

Deno.test("EventLoop: fires what is due before it runs tasks, in the same turn", () => {
  using virtual = new VirtualRuntime();
  const [slept, other] = [virtual.spawnSleep(10), new Gate()];
  virtual.spawn(other);
  virtual.settle();
  virtual.clock.time = 10;
  other.nudge();
  virtual.driver.step();
  assert(slept.isFinished());
});

Deno.test("EventLoop: waking early fires nothing that is not due, and rests again", () => {
  using virtual = new VirtualRuntime();
  const slept = virtual.spawnSleep(10);
  virtual.settle();
  virtual.clock.time = 9;
  virtual.driver.resume();
  assertEquals([slept.isFinished(), virtual.driver.deadline], [false, 10]);
});

Deno.test("EventLoop: with work left after a slice it yields to the platform instead of resting", () => {
  using virtual = new VirtualRuntime();
  let polls = 0;
  virtual.spawn(pollFn<never>((cx) => {
    polls++;
    cx.waker.wakeByRef();
    return Pending;
  }));
  virtual.driver.step();
  assertEquals(virtual.driver.state, "yielding");
  const slice = polls;
  virtual.driver.step();
  assertEquals([polls, virtual.driver.yields], [2 * slice, 2]);
});

Deno.test("EventLoop: a task that is always ready starves neither neighbour nor platform", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  virtual.spawn(function* () {
    for (;;) yield* ready(1);
  });
  virtual.spawn(function* () {
    log.note("neighbour");
  });
  const source = virtual.runtime.handle().spawn(function* () {
    using signal = new Signal("SIGINT");
    yield* signal.receive();
    log.note("platform");
  });
  virtual.driver.step();
  assertEquals([log.line, virtual.driver.state], ["neighbour", "yielding"]);
  virtual.driver.sources[0].happen();
  virtual.driver.step();
  assert(source.isFinished());
});

Deno.test("EventLoop: timers fire although a task never rests", () => {
  using virtual = new VirtualRuntime();
  virtual.spawn(function* () {
    for (;;) yield* ready(1);
  });
  const slept = virtual.spawnSleep(5);
  virtual.driver.step();
  virtual.clock.time = 5;
  virtual.driver.step();
  assert(slept.isFinished());
});

Deno.test("EventLoop: an event of the driver runs the task that waits for it", () => {
  using virtual = new VirtualRuntime();
  const task = virtual.spawn(function* () {
    using signal = new Signal("SIGTERM");
    yield* signal.receive();
  });
  virtual.settle();
  const source: FakeSource = virtual.driver.sources[0];
  source.happen();
  assert(virtual.driver.awake && !task.isFinished());
  virtual.settle();
  assert(task.isFinished() && source.closed);
});

for (const [part, other] of [["time", "io"], ["io", "time"]] as const) {
  Deno.test(`EventLoop: without ${part} it says how to get it, and has ${other}`, () => {
    using virtual = new VirtualRuntime((builder) =>
      other === "io" ? builder.enableIo() : builder.enableTime()
    );
    virtual.run(pollFn(({ loop }) => {
      assertThrows(() => part === "io" ? loop.io : loop.timers, MissingDriver, part);
      assert(other === "io" ? loop.io : loop.timers);
    }));
  });
}

Deno.test("EventLoop: an error is reported once, at the end of its turn, with the task's name", () => {
  using virtual = new VirtualRuntime();
  const error = new RangeError("own");
  virtual.spawn(() => {
    return pollFn(() => {
      throw error;
    });
  }, "bad");
  virtual.settle();
  assertEquals(virtual.reported, [["bad", error]]);
  virtual.spawn(ready(1));
  virtual.settle();
  assertEquals(virtual.reported.length, 1);
});

Deno.test("EventLoop: an error joined before the turn ends is not reported", () => {
  using virtual = new VirtualRuntime();
  const bad = virtual.spawn(failing);
  const caught = virtual.spawn(function* () {
    try {
      yield* bad;
    } catch (error) {
      return (error as Error).message;
    }
  });
  virtual.settle();
  assertEquals([virtual.outcome(caught), virtual.reported], ["own", []]);
});

Deno.test("EventLoop: an error in the cleanup of an abort from outside is reported", () => {
  using virtual = new VirtualRuntime();
  const handle = virtual.spawn(failingInCleanup);
  virtual.settle();
  handle.abort();
  assert(virtual.driver.awake, "the rest is ended, so that it is told soon");
  virtual.settle();
  assertEquals(virtual.reported.length, 1);
});

Deno.test("EventLoop: spawning from the error report runs the task", () => {
  const gate = new Gate();
  using virtual: VirtualRuntime = new VirtualRuntime((builder) =>
    builder.onUnjoinedError(() => virtual.spawn(gate))
  );
  virtual.spawn(failing);
  virtual.settle();
  assertEquals(gate.polls, 1);
});

Deno.test("EventLoop: closed from inside a turn, it ends that turn and rests no more", () => {
  const virtual = new VirtualRuntime();
  const log = new Recorder();
  const self = virtual.spawn(function* () {
    try {
      virtual.runtime.shutdown();
      log.note("still running");
      yield* new Gate();
    } finally {
      log.note("cleaned");
    }
  });
  const { parks } = virtual.driver;
  virtual.settle();
  assertEquals(log.line, "still running cleaned");
  assertEquals([self.isFinished(), virtual.driver.state], [true, "closed"]);
  assertEquals(virtual.driver.parks, parks);
});
