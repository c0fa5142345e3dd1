/**
 * Lesson 06, pinning: what Rust must promise with Pin, JavaScript has anyway.
 *
 * A Rust future may point into itself, so once polled it must not move. A JavaScript object has an
 * identity and never moves as far as a program can see: nothing is to be pinned. What remains of the
 * hazard is a coroutine that is resumed when it must not be: from inside itself, or after its end.
 * Leads to runtime/task/coroutine.ts, which refuses both.
 */

import {
  type Co,
  Context,
  type Future,
  intoFuture,
  noopWaker,
  Pending,
  PolledAfterReady,
  PolledReentrantly,
  pollFn,
  yieldNow,
} from "wakeful/runtime";
import { byHand, ManualLoop } from "wakeful/testing";
import { assertEquals, assertStrictEquals, assertThrows } from "../support/assert.ts";
import { show } from "./show.ts";

/** Points into its own memory across a wait, as in Rust only a pinned future may. */
function* selfReferring(): Co<string> {
  const buffer = new Uint8Array(16);
  const inside = buffer.subarray(4, 8);
  inside.set([1, 2, 3, 4]);
  yield* yieldNow();
  inside[0] = 9;
  return buffer.join("").slice(0, 10);
}

Deno.test("lesson 06 · references into a coroutine's own state survive every move of the coroutine", () => {
  const cx = new Context(noopWaker(), new ManualLoop());
  const future = intoFuture(selfReferring());
  assertStrictEquals(future.poll(cx), Pending);
  const elsewhere = new Map([["moved", [future]]]);
  const [moved] = elsewhere.get("moved")!;
  assertStrictEquals(moved, future); // it is the reference that moved
  assertEquals(moved.poll(cx), "0000923400");
});

Deno.test("lesson 06 · a coroutine that is polled from inside itself is a clear error", () => {
  const recursive: Future<void> = intoFuture(function* () {
    yield* pollFn((cx) => recursive.poll(cx));
  });
  const error = assertThrows(() => byHand(recursive).pollOnce(), PolledReentrantly);
  show(error.message);
  assertEquals(
    error.message,
    "Cannot poll a coroutine from inside its own poll: wake the waker and return Pending instead",
  );
});

Deno.test("lesson 06 · a coroutine that is polled after its end is a clear error", () => {
  const hand = byHand(function* () {
    return "the value";
  });
  assertEquals(hand.assertReady(), "the value");
  const error = assertThrows(() => hand.pollOnce(), PolledAfterReady);
  show(error.message);
  assertEquals(
    error.message,
    "Cannot poll a coroutine again: it has already given its value; make a new one",
  );
});

Deno.test("lesson 06 · one that was dropped has ended, too: its cleanup ran, and it cannot go on", () => {
  const log: string[] = [];
  const hand = byHand(function* () {
    try {
      yield* yieldNow();
      log.push("went on");
    } finally {
      log.push("cleaned up");
    }
  });
  hand.assertPending();
  hand.drop();
  assertThrows(() => hand.pollOnce(), PolledAfterReady);
  assertEquals(log, ["cleaned up"]);
});
