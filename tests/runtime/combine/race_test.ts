import { PolledAfterReady, race, ready, sleep } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup, waiting } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("race: the first that is ready wins, the others are dropped, then polling is an error", () => {
  const [a, b, c] = [new Gate<string>(), new Gate<string>(), new Gate<string>()];
  const future = handPoll(race(a, b, c));
  future.assertPending();
  b.open("b");
  assert(future.woken);
  future.assertReady("b");
  assertEquals([a.dropped, b.dropped, c.dropped, future.kept], [1, 0, 1, 0]);
  assertThrows(() => future.poll(), PolledAfterReady, "a race");
});

Deno.test("race: of several that are ready the earliest given wins, and the rest are not polled", () => {
  const last = new Gate<number>();
  handPoll(race(ready(1), ready(2), last)).assertReady(1);
  assertEquals([last.polls, last.dropped], [0, 1]);
});

Deno.test("race: an error wins, too", () => {
  const other = new Gate();
  const future = handPoll(race(other, failing()));
  assertThrows(() => future.poll(), RangeError, "own");
  assertEquals(other.dropped, 1);
  assertThrows(() => future.poll(), PolledAfterReady);
});

Deno.test("race: dropping it drops all, once", () => {
  const gates = [new Gate(), new Gate()];
  const future = handPoll(race(...gates));
  future.assertPending();
  future.drop();
  future.drop();
  assertEquals([gates.map((gate) => gate.dropped), future.kept], [[1, 1], 0]);
});

Deno.test("race: a loser whose cleanup fails does not keep the other losers from theirs", () => {
  const log = new Recorder();
  const future = handPoll(race(failingInCleanup(), waiting(log, "cleaned")));
  future.assertPending();
  assertThrows(() => future.drop(), RangeError, "in cleanup");
  assertEquals(log.line, "cleaned");
});

Deno.test("race: between tasks' sleeps, in virtual time", () => {
  using virtual = new VirtualRuntime();
  const after = (ms: number) =>
    function* () {
      yield* sleep(ms);
      return ms;
    };
  assertEquals(virtual.run(() => race(after(50), after(10))), 10);
  assertEquals([virtual.clock.time, virtual.runtime.statistics().timers], [10, 0]);
});

Deno.test("race: a loser whose cleanup fails does not take the winner's value, and is reported", () => {
  using virtual = new VirtualRuntime();
  const value = virtual.run(() => race<string>(failingInCleanup() as never, after("won")));
  virtual.settle();
  assertEquals([value, virtual.reported.length], ["won", 1]);
});

function* after(value: string) {
  yield* sleep(1);
  return value;
}
