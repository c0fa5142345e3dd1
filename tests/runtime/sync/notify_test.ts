import { Notify, PolledAfterReady } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

/** Polled once and found waiting. */
function waiting(notify: Notify): HandPoll<void> {
  const notified = handPoll(notify.notified());
  notified.assertPending();
  return notified;
}

Deno.test("Notify: notifyOne wakes the one who has waited longest, and only that one", () => {
  const notify = new Notify();
  const [first, second] = [waiting(notify), waiting(notify)];
  notify.notifyOne();
  assertEquals([first.wakes, second.wakes, first.kept, second.kept], [1, 0, 0, 1]);
  first.assertReady(undefined);
  second.assertPending();
  assertThrows(() => first.poll(), PolledAfterReady, "notified()");
});

Deno.test("Notify: with nobody waiting it is remembered, once, for the next poll", () => {
  const notify = new Notify();
  notify.notifyOne();
  notify.notifyOne();
  const next = handPoll(notify.notified());
  next.assertReady(undefined);
  assertThrows(() => next.poll(), PolledAfterReady);
  waiting(notify);
});

Deno.test("Notify: notifyAll wakes all who wait now and is not remembered", () => {
  const notify = new Notify();
  const waiters = [waiting(notify), waiting(notify)];
  notify.notifyAll();
  for (const waiter of waiters) {
    assert(waiter.woken);
    waiter.assertReady(undefined);
  }
  notify.notifyAll();
  waiting(notify);
});

Deno.test("Notify: a dropped wait that was notified passes it on", () => {
  const notify = new Notify();
  const [first, second, third] = [waiting(notify), waiting(notify), waiting(notify)];
  notify.notifyOne();
  first.drop();
  first.drop();
  assertEquals([second.woken, third.woken], [true, false]);
  third.drop();
  second.drop();
  handPoll(notify.notified()).assertReady(undefined);
  waiting(notify);
});

Deno.test("Notify: a dropped wait that was not notified, or by notifyAll, passes nothing on", () => {
  const notify = new Notify();
  const [first, second] = [waiting(notify), waiting(notify)];
  first.drop();
  assertEquals([first.kept, second.woken], [0, false]);
  notify.notifyAll();
  second.drop();
  waiting(notify);
});

Deno.test("Notify: a wait that is over passes nothing on when it is dropped", () => {
  const notify = new Notify();
  const first = waiting(notify);
  notify.notifyOne();
  first.assertReady(undefined);
  first.drop();
  waiting(notify);
});

Deno.test("Notify: the waker of the latest poll is the one that is woken", () => {
  const notify = new Notify();
  const future = notify.notified();
  const [first, second] = [handPoll(future), handPoll(future)];
  first.assertPending();
  second.assertPending();
  notify.notifyOne();
  assertEquals([first.woken, second.woken, first.kept], [false, true, 0]);
});

Deno.test("Notify: a notifyAll between the call and the first poll is not missed", () => {
  const bell = new Notify();
  const made = handPoll(bell.notified());
  bell.notifyAll();
  made.assertReady(undefined);
  handPoll(bell.notified()).assertPending(); // and it is not remembered for later calls
});
