import {
  type Co,
  type Future,
  join,
  joinAll,
  PolledAfterReady,
  ready,
  sleep,
  spawn,
  tryJoin,
  tryJoinAll,
  yieldNow,
} from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup, waiting } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

function* after<T>(milliseconds: number, value: T): Co<T> {
  yield* sleep(milliseconds);
  return value;
}

Deno.test("join: each value stands in the place of its body, whichever was first", () => {
  using virtual = new VirtualRuntime();
  const joined = join(() => after(9, "slow"), ready(1), () => after(3, true));
  const typed: Future<[string, number, boolean]> = joined;
  assertEquals(virtual.run(typed), ["slow", 1, true]);
  assertEquals(virtual.clock.time, 9);
});

Deno.test("join: of nothing is ready at once", () => {
  handPoll(join()).assertReady([]);
  handPoll(joinAll([])).assertReady([]);
  handPoll(tryJoinAll([])).assertReady([]);
});

Deno.test("joinAll: any number, in the order of the bodies; only the woken are polled", () => {
  const gates = Array.from({ length: 50 }, () => new Gate<number>());
  const all = handPoll(joinAll(gates));
  all.assertPending();
  for (let i = 49; i > 0; i--) gates[i].open(i);
  all.assertPending();
  gates[0].open(0);
  all.assertReady(gates.map((_, i) => i));
  assertEquals(gates.map((gate) => gate.polls), gates.map(() => 2));
  assertEquals(all.kept, 0);
  assertThrows(() => all.poll(), PolledAfterReady, "a join");
});

Deno.test("join: undefined is a value like any other", () => {
  handPoll(join(ready(undefined), ready(null))).assertReady([undefined, null]);
});

Deno.test("join: after an error the others run to their end, then it is thrown", () => {
  const other = new Gate<number>();
  const both = handPoll(join(other, failing()));
  both.assertPending();
  assertEquals(other.dropped, 0);
  other.open(1);
  assertThrows(() => both.poll(), RangeError, "own");
  assertEquals([both.loop.unclaimed, both.kept], [[], 0]);
  assertThrows(() => both.poll(), PolledAfterReady);
});

Deno.test("join: the error that came first is thrown, further ones are reported", () => {
  const later = new TypeError("later");
  const gate = new Gate();
  const all = handPoll(join(
    function* () {
      yield* gate;
      throw later;
    },
    failing(),
  ));
  all.assertPending();
  gate.open();
  assertThrows(() => all.poll(), RangeError, "own");
  assertEquals(all.loop.unclaimed, [later]);
});

Deno.test("join: dropping it drops those that have not finished, once", () => {
  const [done, left] = [new Gate(), new Gate()];
  const both = handPoll(join(done, left));
  both.assertPending();
  done.open();
  both.assertPending();
  both.drop();
  both.drop();
  assertEquals([done.dropped, left.dropped, both.kept, both.woken], [0, 1, 0, false]);
});

Deno.test("join: dropped before its first poll it drops its bodies", () => {
  const gates = [new Gate(), new Gate()];
  handPoll(joinAll(gates)).drop();
  assertEquals(gates.map((gate) => gate.dropped), [1, 1]);
});

Deno.test("join: an error that it has no more occasion to throw is reported", () => {
  const both = handPoll(join(new Gate(), failing()));
  both.assertPending();
  both.drop();
  assertEquals(both.loop.unclaimed.map((error) => (error as Error).message), ["own"]);
});

Deno.test("tryJoin: without an error it is as join", () => {
  using virtual = new VirtualRuntime();
  assertEquals(virtual.run(tryJoin(() => after(9, "slow"), ready(1))), ["slow", 1]);
});

Deno.test("tryJoin: the first error drops the others before it is thrown", () => {
  const log = new Recorder();
  const [gate, last] = [new Gate(), new Gate()];
  const all = handPoll(tryJoin(
    () => waiting(log, "dropped"),
    function* () {
      yield* gate;
      yield* failing();
    },
    last,
  ));
  all.assertPending();
  gate.open();
  assertThrows(() => all.poll(), RangeError, "own");
  assertEquals([log.line, last.dropped, all.kept], ["dropped", 1, 0]);
  assertEquals(all.loop.unclaimed, []);
  assertThrows(() => all.poll(), PolledAfterReady);
});

Deno.test("tryJoin: an error at the first poll keeps those behind it from beginning", () => {
  const last = new Gate();
  assertThrows(() => handPoll(tryJoinAll([() => failing(), last])).poll(), RangeError, "own");
  assertEquals([last.polls, last.dropped], [0, 1]);
});

Deno.test("tryJoin: what the cleanup of the others throws is reported, the first error thrown", () => {
  const last = new Gate();
  const gate = new Gate();
  const all = handPoll(tryJoinAll<unknown>([
    () => failingInCleanup(new TypeError("in cleanup")),
    function* () {
      yield* gate;
      yield* failing();
    },
    last,
  ]));
  all.assertPending();
  gate.open();
  assertThrows(() => all.poll(), RangeError, "own");
  assertEquals(all.loop.unclaimed.map((error) => (error as Error).message), ["in cleanup"]);
  assertEquals(last.dropped, 1);
});

Deno.test("join: many that are always ready to go on take turns", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const counting = (name: string) =>
    function* () {
      for (let i = 1; i <= 3; i++) {
        log.note(name + i);
        yield* yieldNow();
      }
    };
  virtual.run(join(counting("a"), counting("b")));
  assertEquals(log.line, "a1 b1 a2 b2 a3 b3");
});

Deno.test("join: bodies that give way again and again leave the other tasks their turns", () => {
  using virtual = new VirtualRuntime();
  let rounds = 0;
  const greedy = Array.from({ length: 10 }, (_, member) =>
    function* () {
      for (let round = member; round < 9; round++) {
        rounds++;
        yield* yieldNow();
      }
    });
  const seen = virtual.run(function* () {
    const joining = spawn(() => joinAll(greedy));
    const quick = spawn(function* () {
      return rounds;
    });
    const seen = yield* quick;
    yield* joining;
    return seen;
  });
  assertEquals([seen, rounds], [9, 45]);
});
