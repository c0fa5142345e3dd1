import { PolledAfterReady, stream } from "wakeful/runtime";
import { COOPERATIVE_BUDGET } from "../../../runtime/core/context.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { handPoll } from "../../support/hand_poll.ts";

Deno.test("collect, count, fold: wait for every item, then give the result once", () => {
  const source = new FakeItems<number>().give(1);
  const all = handPoll(source.stream.collect());
  all.assertPending();
  source.give(2, 3).end();
  assert(all.woken);
  all.assertReady([1, 2, 3]);
  assertThrows(() => all.poll(), PolledAfterReady);
  handPoll(stream.from("abc").count()).assertReady(3);
  handPoll(stream.from([1, 2, 3]).fold("", (text, n) => text + n)).assertReady("123");
});

Deno.test("collect: an endless stream lets others run now and then", () => {
  const source = handPoll(stream.from(Array(COOPERATIVE_BUDGET + 1).fill(1)).count());
  source.assertPending();
  assert(source.woken);
  source.assertReady(COOPERATIVE_BUDGET + 1);
});

Deno.test("collect: dropped at any time, before the first poll too, it drops the source once", () => {
  for (const polls of [0, 1]) {
    const source = new FakeItems<number>().give(1);
    const all = handPoll(source.stream.collect());
    for (let i = 0; i < polls; i++) all.assertPending();
    all.drop();
    all.drop();
    assertEquals([source.dropped, all.kept], [1, 0]);
    assertThrows(() => all.poll(), PolledAfterReady);
  }
});

Deno.test("fold: an error of the source or of the function drops the source; polling on is an error", () => {
  const steps = [(): number => 0, (): number => {
    throw new RangeError("own");
  }];
  for (const step of steps) {
    const source = new FakeItems<number>().give(1).fail();
    const result = handPoll(source.stream.fold(0, step));
    assertThrows(() => result.poll(), RangeError, "own");
    assertEquals(source.dropped, 1);
    assertThrows(() => result.poll(), PolledAfterReady);
  }
});
