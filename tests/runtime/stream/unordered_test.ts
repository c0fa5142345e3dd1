import { Coroutine, End, Pending, ready, Stream } from "wakeful/runtime";
import { Unordered } from "../../../runtime/stream/unordered.ts";
import { ask } from "../../support/ask.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";

/** Gates in a set, and the stream of what they give. */
function gates(count: number) {
  const set = new Unordered<string>();
  const all = Array.from({ length: count }, () => new Gate<string>());
  for (const gate of all) set.push(gate);
  return { set, all, stream: new Stream(set) };
}

Deno.test("Unordered: gives values as they come, and polls only what was woken", () => {
  const { set, all: [a, b, c], stream } = gates(3);
  const next = handPoll(stream.next());
  next.assertPending();
  b.open("b");
  assert(next.woken);
  next.assertReady("b");
  assertEquals([a.polls, b.polls, c.polls, set.size], [1, 2, 1, 2]);
});

Deno.test("Unordered: of several that woke, the first is first", () => {
  const { all: [a, b, c], stream } = gates(3);
  assertEquals(ask(stream), Pending);
  c.open("c");
  a.open("a");
  assertEquals([ask(stream), ask(stream), ask(stream), b.polls], ["c", "a", Pending, 1]);
});

Deno.test("Unordered: one that wakes itself is polled once per poll of the whole", () => {
  const { set, all: [a], stream } = gates(1);
  const nudging = new Gate<string>();
  const poll = nudging.poll.bind(nudging);
  nudging.poll = (cx) => {
    cx.waker.wakeByRef();
    return poll(cx);
  };
  set.push(nudging);
  const next = handPoll(stream.next());
  next.assertPending();
  assertEquals([a.polls, nudging.polls, next.wakes], [1, 1, 1]);
});

Deno.test("Unordered: many wakes of one are one wake and one poll", () => {
  const { all: [a], stream } = gates(1);
  const next = handPoll(stream.next());
  next.assertPending();
  for (let i = 0; i < 5; i++) a.nudge();
  assertEquals(next.wakes, 1);
  next.assertPending();
  assertEquals(a.polls, 2);
});

Deno.test("Unordered: a wake after the value is harmless, and an empty one has ended", () => {
  const { all: [a], stream } = gates(1);
  const set = new Unordered<string>();
  const late = new Gate<string>();
  late.poll = (cx) => {
    late.waker = cx.waker.clone();
    return "late";
  };
  set.push(late);
  set.push(a);
  const { context } = handPoll(stream.next());
  assertEquals(set.pollNext(context), "late");
  late.nudge();
  assertEquals([set.pollNext(context), set.size], [Pending, 1]);
  a.open("a");
  assertEquals([set.pollNext(context), set.pollNext(context)], ["a", End]);
});

Deno.test("Unordered: one that throws is taken out; dropping drops the others, once", () => {
  const { set, all: [a, b] } = gates(2);
  set.push(new Coroutine(failing()));
  const { context } = handPoll(ready(0));
  assertThrows(() => set.pollNext(context), RangeError, "own");
  assertEquals(set.size, 2);
  set.drop();
  set.drop();
  assertEquals([a.dropped, b.dropped, set.size], [1, 1, 0]);
});
