/**
 * Lesson 03, wakers: how what a future waits for has it polled again.
 *
 * Leads to runtime/core/waker.ts (a waker is data and a table of four functions),
 * runtime/threads/parker.ts (the one that wakes a thread) and runtime/threads/block_on_sync.ts.
 */

import {
  blockOnSync,
  Context,
  countingWaker,
  Misuse,
  Parker,
  Pending,
  pollFn,
  type RawWakerVTable,
  TimedOut,
  Waker,
} from "wakeful/runtime";
import { byHand, ManualLoop } from "wakeful/testing";
import { assert, assertEquals, assertFalse, assertLess, assertThrows } from "../support/assert.ts";
import { Countdown } from "./countdown.ts";
import { SecondThread } from "./second_thread.ts";
import { show } from "./show.ts";

/** Longer than any thread takes; reached only when something is broken. */
const FOR_EVER = 10_000;

/** A table that does nothing but note which of its four functions was called. */
const NOTING: RawWakerVTable<string[]> = {
  clone: (calls) => void calls.push("clone"),
  wake: (calls) => void calls.push("wake"),
  wakeByRef: (calls) => void calls.push("wakeByRef"),
  drop: (calls) => void calls.push("drop"),
};

const NOTHING: RawWakerVTable<null> = { clone() {}, wake() {}, wakeByRef() {}, drop() {} };

Deno.test("lesson 03.1 · a waker of four functions that do nothing is enough to poll by hand", () => {
  const cx = new Context(Waker.fromRaw(null, NOTHING), new ManualLoop());
  const countdown = new Countdown(1);
  assertEquals([countdown.poll(cx), countdown.poll(cx)], [Pending, "liftoff"]);
});

Deno.test("lesson 03.1 · each thing done with a waker is one call into its table", () => {
  const calls: string[] = [];
  const waker = Waker.fromRaw(calls, NOTING);
  const other = waker.clone();
  waker.wakeByRef();
  other.wake();
  waker.drop();
  waker.drop(); // giving back twice is allowed, and no second call
  assertEquals(calls, ["clone", "wakeByRef", "wake", "drop"]);
});

Deno.test("lesson 03.1 · a handle that was given back cannot wake any more", () => {
  const calls: string[] = [];
  const waker = Waker.fromRaw(calls, NOTING);
  waker.wake();
  assertThrows(() => waker.wakeByRef(), Misuse, "clone it first");
  assertEquals(calls, ["wake"]);
});

Deno.test("lesson 03.2 · a countdown from five wakes five times", () => {
  const { waker, count } = countingWaker();
  const cx = new Context(waker, new ManualLoop());
  const countdown = new Countdown(5);
  while (countdown.poll(cx) === Pending);
  show(`${count.wakes} wakes, ${count.handles} handle left`);
  assertEquals(count, { wakes: 5, handles: 1 });
});

Deno.test("lesson 03.2 · clone takes a handle, wake and drop give one back, wakeByRef keeps it", () => {
  const { waker, count } = countingWaker();
  const [a, b] = [waker.clone(), waker.clone()];
  assertEquals(count, { wakes: 0, handles: 3 });
  a.wake();
  assertEquals(count, { wakes: 1, handles: 2 });
  b.wakeByRef();
  assertEquals(count, { wakes: 2, handles: 2 });
  b.drop();
  assertEquals(count, { wakes: 2, handles: 1 });
});

Deno.test("lesson 03.3 · a parked thread sleeps until another thread wakes it", async () => {
  using thread = await SecondThread.start();
  const parker = new Parker();
  assertFalse(parker.park(1)); // nobody has woken it yet, so this one runs into its limit
  const begin = performance.now();
  thread.ask(parker);
  assert(parker.park(FOR_EVER));
  const parked = performance.now() - begin;
  show(`another thread ended the park after ${parked.toFixed(2)} ms`);
  assertLess(parked, FOR_EVER / 2);
  assertEquals(thread.answer, 42); // it was left before the wake, so it is here after the park
});

Deno.test("lesson 03.3 · a wake that comes before the park is not lost", () => {
  const parker = new Parker();
  parker.waker().wake();
  assert(parker.park(FOR_EVER)); // at once
  assertFalse(parker.park(0)); // and only once
});

Deno.test("lesson 03.4 · a future that is pending and wakes nobody hangs for ever", () => {
  let polls = 0;
  const forgetful = pollFn(() => {
    polls++;
    return Pending; // it has not kept the waker: a broken promise
  });
  assertThrows(() => blockOnSync(forgetful, { limit: 20 }), TimedOut, "20 ms");
  assertEquals(polls, 1);
});

Deno.test("lesson 03.4 · polled by hand it shows: nobody woke, and nobody kept the waker", () => {
  const [forgetful, honest] = [byHand(pollFn(() => Pending)), byHand(new Countdown(1))];
  for (const hand of [forgetful, honest]) hand.assertPending();
  assertEquals([forgetful.wakes, forgetful.wakersKept], [0, 0]);
  assertEquals(honest.wakes, 1);
});
