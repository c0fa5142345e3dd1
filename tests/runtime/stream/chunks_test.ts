import { Pending, stream } from "wakeful/runtime";
import { ask, available } from "../../support/ask.ts";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { handPoll } from "../../support/hand_poll.ts";

Deno.test("chunks: full arrays, and a shorter one at the end", () => {
  assertEquals(available(stream.from([1, 2, 3, 4, 5]).chunks(2)).items, [[1, 2], [3, 4], [5]]);
  assertEquals(available(stream.from([1, 2]).chunks(2)), { items: [[1, 2]], ended: true });
  assertEquals(available(stream.empty().chunks(2)), { items: [], ended: true });
});

Deno.test("chunks: what was collected survives a dropped next()", () => {
  const source = new FakeItems<string>().give("a");
  const pairs = source.stream.chunks(2);
  assertEquals(ask(pairs), Pending);
  source.give("b");
  assertEquals(ask(pairs), ["a", "b"]);
});

Deno.test("chunks: a large one of items that are all there lets others run meanwhile", () => {
  const large = handPoll(stream.fromPoll(() => 1).chunks(200).next());
  large.assertPending();
  assert(large.woken);
  large.assertReady(new Array(200).fill(1));
});

Deno.test("chunksTimeout: comes when it is full, and leaves no timer", () => {
  const loop = new FakeLoop();
  const source = new FakeItems<string>().give("a");
  const next = handPoll(source.stream.chunksTimeout(2, 10).next(), loop);
  next.assertPending();
  assertEquals(loop.timers.size, 1);
  source.give("b");
  next.assertReady(["a", "b"]);
  assertEquals(loop.timers.size, 0);
});

Deno.test("chunksTimeout: comes as it is when its first item has waited so long", () => {
  const loop = new FakeLoop();
  const source = new FakeItems<string>();
  const next = handPoll(source.stream.chunksTimeout(9, 10).next(), loop);
  next.assertPending();
  loop.advance(50); // no item, no limit
  source.give("a");
  next.assertPending();
  loop.advance(6);
  source.give("b");
  next.assertPending();
  loop.advance(3);
  assertFalse(next.woken);
  loop.advance(1);
  assert(next.woken);
  next.assertReady(["a", "b"]);
  assertEquals(loop.timers.size, 0);
});

Deno.test("chunksTimeout: the limit begins anew with every chunk", () => {
  const loop = new FakeLoop();
  const source = new FakeItems<string>().give("a");
  const chunks = source.stream.chunksTimeout(9, 10);
  assertEquals(ask(chunks, loop), Pending);
  loop.advance(10);
  assertEquals(ask(chunks, loop), ["a"]);
  source.give("b");
  assertEquals(ask(chunks, loop), Pending);
  loop.advance(9);
  assertEquals(ask(chunks, loop), Pending);
  loop.advance(1);
  assertEquals(ask(chunks, loop), ["b"]);
  loop.advance(50);
  assertEquals(ask(chunks, loop), Pending, "there is no empty one");
});

Deno.test("chunksTimeout: dropping it drops source and timer", () => {
  const loop = new FakeLoop();
  const source = new FakeItems<string>().give("a");
  const chunks = source.stream.chunksTimeout(9, 10);
  assertEquals(ask(chunks, loop), Pending);
  chunks.drop();
  assertEquals([source.dropped, loop.timers.size], [1, 0]);
});

Deno.test("chunks: a size or time that is none is refused", () => {
  assertThrows(() => stream.empty().chunks(0), RangeError, "from 1 up, got 0");
  assertThrows(() => stream.empty().chunksTimeout(0, 1), RangeError, "from 1 up");
  assertThrows(() => stream.empty().chunksTimeout(1, NaN), RangeError, "milliseconds");
});
