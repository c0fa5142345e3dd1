import { map, PolledAfterReady, ready } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";

Deno.test("map: changes the value once it is there, and is spent then", () => {
  const gate = new Gate<number>();
  const mapped = handPoll(map(gate, (n) => `${n}!`));
  mapped.assertPending();
  gate.open(7);
  mapped.assertReady("7!");
  assertThrows(() => mapped.poll(), PolledAfterReady, "map()");
  mapped.drop();
  assertEquals(gate.dropped, 0);
});

Deno.test("map: dropping it drops the body once, also before the first poll", () => {
  const gate = new Gate();
  const mapped = handPoll(map(gate, () => {}));
  mapped.drop();
  mapped.drop();
  assertEquals(gate.dropped, 1);
  assertThrows(() => mapped.poll(), PolledAfterReady);
});

Deno.test("map: an error of the body goes through, one of the change is thrown", () => {
  assertThrows(() => handPoll(map(failing(), () => 1)).poll(), RangeError, "own");
  const mapped = handPoll(map(ready(1), () => failing().next()));
  assertThrows(() => mapped.poll(), RangeError, "own");
  assertThrows(() => mapped.poll(), PolledAfterReady);
});
