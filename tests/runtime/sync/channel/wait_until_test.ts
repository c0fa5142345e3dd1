import { Pending, PolledAfterReady } from "wakeful/runtime";
import { type Waiters, WaitUntil } from "../../../../runtime/sync/channel/wait_until.ts";
import { WaitList } from "../../../../runtime/sync/wait_list.ts";
import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { handPoll } from "../../../support/hand_poll.ts";

/** A switch, and waits until it is on. */
function rig() {
  const list: Waiters = new WaitList();
  const state = { on: false };
  const wait = () => handPoll(new WaitUntil(list, "it", () => state.on ? "on" : Pending));
  return { list, state, wait };
}

Deno.test("WaitUntil: is ready at once when it is so", () => {
  const { list, state, wait } = rig();
  state.on = true;
  wait().assertReady("on");
  assertEquals(list.length, 0);
});

Deno.test("WaitUntil: waits, is woken, and looks again", () => {
  const { list, state, wait } = rig();
  const waiter = wait();
  waiter.assertPending();
  state.on = true;
  list.notifyAll();
  assertEquals([waiter.wakes, waiter.kept], [1, 0]);
  waiter.assertReady("on");
});

Deno.test("WaitUntil: a wake that was for nothing makes it wait again", () => {
  const { list, wait } = rig();
  const waiter = wait();
  waiter.assertPending();
  list.notifyAll();
  waiter.assertPending();
  assertEquals([waiter.woken, waiter.kept, list.length], [false, 1, 1]);
});

Deno.test("WaitUntil: ready without a wake, it leaves the list", () => {
  const { list, state, wait } = rig();
  const waiter = wait();
  waiter.assertPending();
  state.on = true;
  waiter.assertReady("on");
  assertEquals([waiter.kept, list.length], [0, 0]);
});

Deno.test("WaitUntil: keeps the latest waker only", () => {
  const { list, wait } = rig();
  const first = wait();
  const second = handPoll(first.future);
  first.assertPending();
  second.assertPending();
  assertEquals([first.kept, second.kept, list.length], [0, 1, 1]);
});

Deno.test("WaitUntil: dropped, it leaves the list and cannot be polled", () => {
  const { list, wait } = rig();
  const [waiter, unpolled] = [wait(), wait()];
  waiter.assertPending();
  for (const each of [waiter, waiter, unpolled]) each.drop();
  assertEquals([waiter.kept, list.length], [0, 0]);
  for (const each of [waiter, unpolled]) assertThrows(() => each.poll(), PolledAfterReady, "it");
});

Deno.test("WaitUntil: an attempt that throws ends the wait", () => {
  const list: Waiters = new WaitList();
  let calls = 0;
  const waiter = handPoll(
    new WaitUntil(list, "it", () => {
      if (++calls === 2) throw new RangeError("own");
      return Pending;
    }),
  );
  waiter.assertPending();
  assertThrows(() => waiter.poll(), RangeError, "own");
  assertThrows(() => waiter.poll(), PolledAfterReady);
  waiter.drop();
  assertEquals([waiter.kept, list.length], [0, 0]);
});
