import {
  MovedOn,
  moveOnAfter,
  moveOnAt,
  OutsideRuntime,
  ready,
  TimedOut,
  timeout,
} from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { waiting } from "../../support/bodies.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("moveOnAfter: a body that is ready in time gives its value", () => {
  const move = handPoll(() => moveOnAfter(10, ready("value")));
  move.assertReady("value");
  assertEquals(move.loop.timers.size, 0);
});

Deno.test("moveOnAfter: when time is up the body is dropped and the answer is MovedOn", () => {
  const loop = new FakeLoop();
  const log = new Recorder();
  const move = handPoll(() => moveOnAfter(10, waiting(log, "cleaned")), loop);
  move.assertPending();
  loop.advance(9);
  move.assertPending();
  loop.advance(1);
  move.assertReady(MovedOn);
  assertEquals([log.line, loop.timers.size, move.kept], ["cleaned", 0, 0]);
});

Deno.test("moveOnAfter: a limit inside that strikes is not taken for its own", () => {
  using virtual = new VirtualRuntime();
  const body = () => moveOnAfter(100, () => timeout(10, new Gate()));
  assertThrows(() => virtual.run(body), TimedOut, "10 ms");
  assertEquals(virtual.clock.time, 10);
});

Deno.test("moveOnAfter: what follows it goes on when it moved on", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    const inner = yield* timeout(100, function* () {
      const greeting = yield* moveOnAfter(10, new Gate<string>());
      return greeting === MovedOn ? "silence" : greeting;
    });
    return inner;
  });
  assertEquals([seen, virtual.clock.time], ["silence", 10]);
});

Deno.test("moveOnAt: moves on when the clock shows the deadline", () => {
  using virtual = new VirtualRuntime();
  virtual.advance(100);
  assertEquals(virtual.run(() => moveOnAt<void>(130, new Gate())), MovedOn);
  assertEquals(virtual.clock.time, 130);
});

Deno.test("moveOnAfter: outside a task it is an error", () => {
  assertThrows(() => moveOnAfter(1, ready(1)), OutsideRuntime);
});
