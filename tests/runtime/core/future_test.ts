import {
  type Context,
  Future,
  OutsideRuntime,
  Pending,
  pending,
  type Poll,
  PolledAfterReady,
  pollFn,
  ready,
} from "wakeful/runtime";
import { COOPERATIVE_BUDGET, refillBudget, swapContext } from "../../../runtime/core/context.ts";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../../support/assert.ts";
import { Gate } from "../../support/gate.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

/** Takes one step of `yield*` by hand, with `awaits` left in the budget. */
function step<T>(polled: HandPoll<T>, awaits?: number): IteratorResult<void, T> {
  const outer = swapContext(polled.context);
  refillBudget(awaits);
  try {
    return polled.future[Symbol.iterator]().next();
  } finally {
    swapContext(outer);
  }
}

Deno.test("ready: gives its value at the first poll and an error at the second", () => {
  const future = handPoll(ready("value"));
  future.assertReady("value");
  assertThrows(() => future.poll(), PolledAfterReady, "ready()");
});

Deno.test("ready: undefined is a value like any other", () => {
  const future = handPoll(ready(undefined));
  future.assertReady(undefined);
  assertThrows(() => future.poll(), PolledAfterReady);
});

Deno.test("pending: is never ready, never wakes and keeps no waker", () => {
  const future = handPoll(pending());
  future.assertPending();
  future.assertPending();
  assertEquals([future.woken, future.kept], [false, 0]);
});

Deno.test("pollFn: is asked at each poll until it has a value, then polling is an error", () => {
  let polls = 0;
  const future = handPoll(pollFn(() => ++polls < 3 ? Pending : polls));
  future.assertPending();
  future.assertPending();
  future.assertReady(3);
  assertThrows(() => future.poll(), PolledAfterReady, "pollFn()");
  assertEquals(polls, 3);
});

Deno.test("pollFn: is given the context of the poll", () => {
  const future = handPoll(pollFn((cx) => {
    cx.waker.wakeByRef();
    return Pending;
  }));
  future.assertPending();
  assert(future.woken);
});

Deno.test("Future: a step of yield* polls: suspended while pending, done with the value", () => {
  const gate = new Gate<string>();
  const polled = handPoll(gate);
  assertEquals(step(polled).done, false);
  gate.open("through");
  assertEquals(step(polled), { done: true, value: "through" });
});

Deno.test("Future: a step outside a task is an error and does not poll", () => {
  const gate = new Gate();
  assertThrows(() => gate.next(), OutsideRuntime);
  assertEquals(gate.polls, 0);
});

Deno.test("Future: with the budget used up a step wakes its task and does not poll", () => {
  const polled = handPoll(ready(1));
  assertEquals(step(polled, 0).done, false);
  assert(polled.wakes === 1);
  assertEquals(step(polled), { done: true, value: 1 });
});

Deno.test("Future: the budget allows exactly as many awaits as it says", () => {
  const polled = handPoll(pollFn(() => Pending));
  const outer = swapContext(polled.context);
  refillBudget();
  for (let i = 0; i < COOPERATIVE_BUDGET; i++) polled.future.next();
  assertEquals(polled.wakes, 0);
  polled.future.next();
  assertEquals(polled.wakes, 1);
  swapContext(outer);
});

Deno.test("Future: returning from yield* drops it and hands the value on", () => {
  const gate = new Gate<number>();
  assertEquals(gate.return(7), { done: true, value: 7 });
  assertEquals(gate.dropped, 1);
});

Deno.test("Future: a using declaration drops it", () => {
  const gate = new Gate();
  {
    using _gate = gate;
  }
  assertEquals(gate.dropped, 1);
});

Deno.test("Future: is its own iterator, so that an await allocates none", () => {
  const future = new Gate();
  assertStrictEquals(future[Symbol.iterator](), future);
});

Deno.test("Future: drop of one that holds nothing does nothing", () => {
  class Plain extends Future<number> {
    poll(_cx: Context): Poll<number> {
      return 1;
    }
  }
  new Plain().drop();
});
