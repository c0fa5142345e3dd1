import { Barrier, type BarrierWaitResult, PolledAfterReady } from "wakeful/runtime";
import { assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

/** Polled once and found waiting. */
function waiting(barrier: Barrier): HandPoll<BarrierWaitResult> {
  const wait = handPoll(barrier.wait());
  wait.assertPending();
  return wait;
}

Deno.test("Barrier: the last to come leads and lets all go on", () => {
  const barrier = new Barrier(3);
  const early = [waiting(barrier), waiting(barrier)];
  assertEquals(barrier.waiting, 2);
  handPoll(barrier.wait()).assertReady({ leader: true });
  for (const wait of early) {
    assertEquals(wait.wakes, 1);
    wait.assertReady({ leader: false });
  }
  assertEquals(barrier.waiting, 0);
});

Deno.test("Barrier: is used again by the next generation", () => {
  const barrier = new Barrier(2);
  for (let generation = 0; generation < 3; generation++) {
    const first = waiting(barrier);
    handPoll(barrier.wait()).assertReady({ leader: true });
    first.assertReady({ leader: false });
  }
});

Deno.test("Barrier: one of the generation before, not polled yet, does not count in the next", () => {
  const barrier = new Barrier(2);
  const slow = waiting(barrier);
  handPoll(barrier.wait()).assertReady({ leader: true });
  const next = waiting(barrier);
  slow.assertReady({ leader: false });
  assertFalse(next.woken);
});

Deno.test("Barrier: a dropped wait counts no longer", () => {
  const barrier = new Barrier(2);
  const dropped = waiting(barrier);
  dropped.drop();
  dropped.drop();
  assertEquals([barrier.waiting, dropped.kept], [0, 0]);
  const first = waiting(barrier);
  handPoll(barrier.wait()).assertReady({ leader: true });
  first.assertReady({ leader: false });
});

Deno.test("Barrier: a wait that is dropped after all have come takes nobody with it", () => {
  const barrier = new Barrier(2);
  const dropped = waiting(barrier);
  handPoll(barrier.wait()).assertReady({ leader: true });
  dropped.drop();
  assertEquals(barrier.waiting, 0);
  waiting(barrier);
});

Deno.test("Barrier: nobody has come before the first poll", () => {
  const barrier = new Barrier(1);
  const wait = handPoll(barrier.wait());
  assertEquals(barrier.waiting, 0);
  wait.assertReady({ leader: true });
  assertThrows(() => wait.poll(), PolledAfterReady, "a barrier's wait()");
});

Deno.test("Barrier: the waker of the latest poll is the one that is woken", () => {
  const barrier = new Barrier(2);
  const future = barrier.wait();
  const [before, after] = [handPoll(future), handPoll(future)];
  before.assertPending();
  after.assertPending();
  handPoll(barrier.wait()).take();
  assertEquals([before.woken, after.woken], [false, true]);
});

for (const wrong of [0, -1, 1.5, NaN, Infinity]) {
  Deno.test(`Barrier: ${wrong} is no number of parties`, () => {
    assertThrows(() => new Barrier(wrong), RangeError, `got ${wrong}`);
  });
}
