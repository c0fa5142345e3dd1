import { ready } from "wakeful/runtime";
import { refillBudget } from "../../../runtime/core/context.ts";
import { assertCount, mustPause } from "../../../runtime/stream/items.ts";
import { Map } from "../../../runtime/stream/transform.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { handPoll } from "../../support/hand_poll.ts";

Deno.test("Items: an adapter's drop, by hand or by using, is its source's", () => {
  const source = new FakeItems<number>();
  {
    using _mapped = new Map(source, String);
  }
  assertEquals(source.dropped, 1);
});

Deno.test("mustPause: spends an await, and when none is left wakes the task", () => {
  const hand = handPoll(ready(0));
  refillBudget(1);
  assertEquals([mustPause(hand.context), hand.wakes], [false, 0]);
  assertEquals([mustPause(hand.context), hand.wakes], [true, 1]);
});

Deno.test("assertCount: whole numbers from the least up, and nothing else", () => {
  assertCount(1, 1);
  for (const wrong of [0, -1, 1.5, NaN, Infinity, "2" as never]) {
    assertThrows(() => assertCount(wrong, 1), RangeError, `got ${wrong}`);
  }
});
