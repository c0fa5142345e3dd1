import {
  End,
  FuturesUnordered,
  PolledAfterReady,
  race,
  ready,
  sleep,
  yieldNow,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup, waiting } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

function gates(count: number): Gate<number>[] {
  return Array.from({ length: count }, () => new Gate<number>());
}

Deno.test("FuturesUnordered: values come in the order in which they are ready, then End", () => {
  const [a, b, c] = gates(3);
  const set = new FuturesUnordered([a, b, c]);
  const next = () => handPoll(set.next());
  next().assertPending();
  c.open(3);
  a.open(1);
  next().assertReady(3);
  next().assertReady(1);
  assertEquals(set.size, 1);
  b.open(2);
  next().assertReady(2);
  next().assertReady(End);
  assertEquals(set.size, 0);
});

Deno.test("FuturesUnordered: they begin at the next poll of the set, first in, first out", () => {
  const log = new Recorder();
  const set = new FuturesUnordered<void>();
  for (const name of ["a", "b", "c"]) {
    set.push(function* () {
      log.note(name);
      yield* new Gate();
    });
  }
  assertEquals([log.line, set.size], ["", 3]);
  handPoll(set.next()).assertPending();
  assertEquals(log.line, "a b c");
});

Deno.test("FuturesUnordered: a wake polls the future it is for and no other, once", () => {
  const all = gates(100);
  const next = handPoll(new FuturesUnordered(all).next());
  next.assertPending();
  all[7].nudge();
  all[7].nudge();
  assertEquals(next.wakes, 1);
  next.assertPending();
  next.assertPending();
  assertEquals(all.map((gate) => gate.polls), all.map((_, i) => i === 7 ? 2 : 1));
});

Deno.test("FuturesUnordered: one that is pushed while the set is waited for wakes the wait", () => {
  const set = new FuturesUnordered<number>([new Gate()]);
  const next = handPoll(set.next());
  next.assertPending();
  set.push(ready(7));
  assert(next.woken);
  next.assertReady(7);
});

Deno.test("FuturesUnordered: one may push others while it runs", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    using set = new FuturesUnordered<number>();
    set.push(function* () {
      set.push(ready(2));
      yield* yieldNow();
      return 1;
    });
    const seen = [];
    for (let n = yield* set.next(); n !== End; n = yield* set.next()) seen.push(n);
    return seen;
  });
  assertEquals(seen, [2, 1]);
});

Deno.test("FuturesUnordered: one that wakes itself at each poll starves neither the others nor the task", () => {
  const [gate] = gates(1);
  let polls = 0;
  const set = new FuturesUnordered<number>([
    function* () {
      for (;;) {
        polls++;
        yield* yieldNow();
      }
    },
    gate,
  ]);
  const next = handPoll(set.next());
  next.assertPending();
  assertEquals([polls, gate.polls, next.woken], [1, 1, true]);
  next.assertPending();
  gate.open(7);
  next.assertReady(7);
  assertEquals([polls, set.size], [3, 1]);
});

Deno.test("FuturesUnordered: an error is thrown, and the others stay", () => {
  const [gate] = gates(1);
  const set = new FuturesUnordered<number>([() => failing(), gate]);
  assertThrows(() => handPoll(set.next()).poll(), RangeError, "own");
  assertEquals(set.size, 1);
  gate.open(1);
  handPoll(set.next()).assertReady(1);
});

Deno.test("FuturesUnordered: drop drops each that has not finished once, oldest first", () => {
  const log = new Recorder();
  const [done, left] = gates(2);
  const set = new FuturesUnordered<unknown>([
    () => waiting(log, "a"),
    done,
    left,
    () => waiting(log, "b"),
  ]);
  handPoll(set.next()).assertPending();
  done.open(1);
  handPoll(set.next()).assertReady(1);
  set.drop();
  set.drop();
  assertEquals([log.line, done.dropped, left.dropped, set.size], ["a b", 0, 1, 0]);
  left.nudge();
  handPoll(set.next()).assertReady(End);
});

Deno.test("FuturesUnordered: drop goes on after a cleanup that throws, then throws the first", () => {
  const [last] = gates(1);
  const set = new FuturesUnordered<unknown>([() => failingInCleanup(), last]);
  handPoll(set.next()).assertPending();
  assertThrows(() => set.drop(), RangeError, "in cleanup");
  assertEquals(last.dropped, 1);
});

Deno.test("FuturesUnordered: after End more may be pushed", () => {
  const set = new FuturesUnordered<number>();
  handPoll(set.next()).assertReady(End);
  set.push(ready(1));
  handPoll(set.next()).assertReady(1);
  handPoll(set.next()).assertReady(End);
});

Deno.test("FuturesUnordered: a wait that has given its value is spent", () => {
  const set = new FuturesUnordered<number>([ready(1), () => failing(), ready(2)]);
  const [first, second] = [handPoll(set.next()), handPoll(set.next())];
  first.assertReady(1);
  assertThrows(() => first.poll(), PolledAfterReady, "next()");
  assertThrows(() => second.poll(), RangeError);
  assertThrows(() => second.poll(), PolledAfterReady);
  handPoll(set.next()).assertReady(2);
});

Deno.test("FuturesUnordered: a dropped wait takes nothing and keeps no waker", () => {
  const [gate] = gates(1);
  const set = new FuturesUnordered<number>([gate]);
  const next = handPoll(set.next());
  next.assertPending();
  assertEquals(next.kept, 1);
  gate.open(1);
  next.drop();
  assertEquals(next.kept, 0);
  handPoll(set.next()).assertReady(1);
});

Deno.test("FuturesUnordered: a wait that is ready or dropped keeps no waker, ready after a spurious poll too", () => {
  const [gate, other] = gates(2);
  const set = new FuturesUnordered<number>([gate, other]);
  const next = handPoll(set.next());
  next.assertPending();
  next.assertPending();
  gate.open(1);
  next.assertReady(1);
  assertEquals(next.kept, 0);
  const idle = handPoll(set.next());
  idle.assertPending();
  idle.drop();
  idle.drop();
  assertEquals(idle.kept, 0);
});

Deno.test("FuturesUnordered: dropping the set ends the wait for it", () => {
  const set = new FuturesUnordered<number>(gates(2));
  const next = handPoll(set.next());
  next.assertPending();
  set.drop();
  assert(next.woken);
  next.assertReady(End);
  assertEquals(next.kept, 0);
});

Deno.test("FuturesUnordered: a wake after a future's end, or after the set's, is harmless", () => {
  const [gate] = gates(1);
  const set = new FuturesUnordered<number>([gate, new Gate()]);
  handPoll(set.next()).assertPending();
  const waker = gate.waker!.clone();
  gate.open(1);
  handPoll(set.next()).assertReady(1);
  const next = handPoll(set.next());
  next.assertPending();
  waker.wakeByRef();
  assertEquals(next.woken, false);
  set.drop();
  waker.wake();
});

Deno.test("FuturesUnordered: lost in a race it goes on where it was", () => {
  using virtual = new VirtualRuntime();
  const rounds = virtual.run(function* () {
    using set = new FuturesUnordered<string>([function* () {
      yield* sleep(35);
      return "done";
    }]);
    for (let rounds = 1;; rounds++) {
      const first = yield* race<unknown>(set.next(), sleep(10));
      if (first === "done") return rounds;
    }
  });
  assertEquals([rounds, virtual.clock.time], [4, 35]);
});
