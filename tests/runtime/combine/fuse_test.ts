import { fuse } from "wakeful/runtime";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";

Deno.test("fuse: gives the value once and is pending for ever after", () => {
  const gate = new Gate<number>();
  const fused = handPoll(fuse(gate));
  fused.assertPending();
  gate.open(1);
  fused.assertReady(1);
  fused.assertPending();
  fused.drop();
  assertEquals([gate.polls, gate.dropped, fused.kept], [2, 0, 0]);
});

Deno.test("fuse: is pending for ever after an error", () => {
  const fused = handPoll(fuse(failing()));
  assertThrows(() => fused.poll(), RangeError, "own");
  fused.assertPending();
});

Deno.test("fuse: dropping it drops the body, once, and it is pending after that", () => {
  const gate = new Gate();
  const fused = handPoll(fuse(gate));
  fused.assertPending();
  fused.drop();
  fused.drop();
  fused.assertPending();
  assertEquals([gate.polls, gate.dropped, fused.kept], [1, 1, 0]);
});
