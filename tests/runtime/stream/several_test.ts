import { End, Pending, stream } from "wakeful/runtime";
import { ask, available } from "../../support/ask.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";

const sources = (count: number, log?: Recorder) =>
  Array.from({ length: count }, (_, i) => new FakeItems<string>("abc"[i], log));

Deno.test("chain: one after the other; each is dropped when it has ended", () => {
  const log = new Recorder();
  const [a, b] = sources(2, log);
  const both = a.stream.chain(b.stream, stream.from([3]));
  b.give("b");
  assertEquals([ask(both), b.polls], [Pending, 0]);
  a.give("a").end();
  assertEquals([ask(both), ask(both), log.line], ["a", "b", "a"]);
  b.end();
  assertEquals([available(both), log.line], [{ items: [3], ended: true }, "a b"]);
});

Deno.test("chain: dropped, it drops those that have not had their turn, too", () => {
  const log = new Recorder();
  const [a, b] = sources(2, log);
  a.stream.chain(b.stream).drop();
  assertEquals(log.line, "a b");
});

Deno.test("merge: in the order in which the items come, and only the woken source is polled", () => {
  const [a, b, c] = sources(3);
  const next = handPoll(a.stream.merge(b.stream, c.stream).next());
  next.assertPending();
  assertEquals([a.polls, b.polls, c.polls], [1, 1, 1]);
  b.give("b");
  assert(next.woken);
  next.assertReady("b");
  assertEquals([a.polls, b.polls, c.polls], [1, 2, 1]);
});

Deno.test("merge: those that always have an item take turns", () => {
  const [odd, even] = [stream.from([1, 3, 5]), stream.from([2, 4])];
  assertEquals(available(odd.merge(even)).items, [1, 2, 3, 4, 5]);
  const endless = (value: string) => stream.fromPoll(() => value);
  const both = endless("x").merge(endless("y")).take(100);
  assertEquals(available(both).items.filter((item) => item === "x").length, 50);
});

Deno.test("merge: ends when all have; each is dropped once, at its own end", () => {
  const [a, b] = sources(2);
  const both = a.stream.merge(b.stream);
  a.end();
  assertEquals([ask(both), a.dropped, b.dropped], [Pending, 1, 0]);
  b.give("b").end();
  assertEquals([available(both), a.dropped, b.dropped], [{ items: ["b"], ended: true }, 1, 1]);
});

Deno.test("merge: the error of one drops all, once", () => {
  const [a, b] = sources(2);
  const both = a.stream.merge(b.stream);
  assertEquals(ask(both), Pending);
  b.fail();
  assertThrows(() => ask(both), RangeError, "own");
  assertEquals([a.dropped, b.dropped, ask(both)], [1, 1, End]);
});

Deno.test("merge: dropped, it drops all and keeps no waker", () => {
  const [a, b] = sources(2);
  const both = a.stream.merge(b.stream);
  const next = handPoll(both.next());
  next.assertPending();
  next.drop();
  both.drop();
  assertEquals([a.dropped, b.dropped, next.kept], [1, 1, 0]);
});

Deno.test("merge: another task may go on where one has stopped waiting", () => {
  const [a, b] = sources(2);
  const both = a.stream.merge(b.stream);
  const first = handPoll(both.next());
  first.assertPending();
  first.drop();
  const second = handPoll(both.next());
  second.assertPending();
  b.give("b");
  assertEquals([first.woken, second.woken], [false, true]);
  second.assertReady("b");
});

Deno.test("zip: pairs; an item waits for its partner, also when a next() is dropped", () => {
  const [a, b] = sources(2);
  const pairs = a.stream.zip(b.stream);
  a.give("a1", "a2");
  assertEquals([ask(pairs), ask(pairs), a.polls], [Pending, Pending, 1]);
  b.give("b1", "b2");
  assertEquals(available(pairs).items, [["a1", "b1"], ["a2", "b2"]]);
});

Deno.test("zip: ends with the one that ends first, whichever, and drops both", () => {
  for (const last of [0, 1]) {
    const both = sources(2);
    const pairs = both[0].stream.zip(both[1].stream);
    both[last].give("x").end();
    both[1 - last].end();
    assertEquals(ask(pairs), End);
    assertEquals(both.map((source) => source.dropped), [1, 1]);
  }
});

Deno.test("zip: an end is not waited for by the other's item", () => {
  const [a, b] = sources(2);
  const pairs = a.stream.zip(b.stream);
  b.end();
  assertEquals([ask(pairs), a.dropped], [End, 1]);
});

Deno.test("chain, merge, zip: a cleanup that fails does not keep the others from theirs", () => {
  const join = [
    (a: FakeItems<string>, b: FakeItems<string>) => a.stream.chain(b.stream),
    (a: FakeItems<string>, b: FakeItems<string>) => a.stream.merge(b.stream),
    (a: FakeItems<string>, b: FakeItems<string>) => a.stream.zip(b.stream),
  ];
  for (const both of join) {
    const [a, b] = sources(2);
    a.drop = () => {
      throw new RangeError("in cleanup");
    };
    assertThrows(() => both(a, b).drop(), RangeError, "in cleanup");
    assertEquals(b.dropped, 1);
  }
});
