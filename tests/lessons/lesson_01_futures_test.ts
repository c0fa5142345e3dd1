/**
 * Lesson 01, futures by hand: nothing happens until somebody polls.
 *
 * The future of 01.1 is in countdown.ts, since later lessons use it too. Leads to
 * runtime/core/poll.ts (what a poll answers) and runtime/core/future.ts (what a future is).
 */

import {
  blockOn,
  Context,
  noopWaker,
  Pending,
  type Poll,
  PolledAfterReady,
  ready,
} from "wakeful/runtime";
import { ManualLoop } from "wakeful/testing";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { Countdown } from "./countdown.ts";
import { show } from "./show.ts";

/** All that a poll is given: a waker that does nothing, and a loop that does nothing by itself. */
const context = () => new Context(noopWaker(), new ManualLoop());

Deno.test("lesson 01.1 · a countdown is pending until it has reached zero", () => {
  const [cx, countdown] = [context(), new Countdown(3)];
  const answers = Array.from({ length: 4 }, () => countdown.poll(cx));
  assertEquals(answers, [Pending, Pending, Pending, "liftoff"]);
});

Deno.test("lesson 01.1 · it does nothing as long as nobody polls", async () => {
  const countdown = new Countdown(3);
  await new Promise((resolve) => setTimeout(resolve)); // the platform has gone round once
  assertEquals(countdown.left, 3);
  assertEquals([await blockOn(countdown), countdown.left], ["liftoff", 0]);
});

Deno.test("lesson 01.2 · a ready future gives its value once, and refuses to give it twice", () => {
  const [cx, future] = [context(), ready(42)];
  assertEquals(future.poll(cx), 42);
  assertThrows(() => future.poll(cx), PolledAfterReady, "already given its value");
});

Deno.test("lesson 01.3 · a loop that polls until it is ready: five times Pending", () => {
  const [cx, countdown] = [context(), new Countdown(5)];
  let pendings = 0;
  let polled: Poll<string>;
  while ((polled = countdown.poll(cx)) === Pending) pendings++;
  show(`Pending × ${pendings}, then "${polled}"`);
  assertEquals([polled, pendings], ["liftoff", 5]);
});
