import { OutsideRuntime } from "wakeful/runtime";
import { assertDuration, deadlineAfter } from "../../../runtime/time/duration.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";

Deno.test("assertDuration: takes any number but NaN, and nothing else", () => {
  for (const right of [0, -1, 1.5, Infinity]) assertDuration(right);
  for (const wrong of [NaN, "5", undefined]) {
    assertThrows(() => assertDuration(wrong as number), RangeError, `got ${wrong}`);
  }
});

Deno.test("deadlineAfter: counts from the clock, however long ago the turn began", () => {
  const loop = new FakeLoop();
  loop.clock.time = 7;
  assertEquals(loop.inside(() => deadlineAfter(10)), 17);
  assertThrows(() => loop.inside(() => deadlineAfter(NaN)), RangeError, "got NaN");
  assertThrows(() => deadlineAfter(1), OutsideRuntime);
});
