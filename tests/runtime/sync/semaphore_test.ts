import { Closed, Permit, PolledAfterReady, Semaphore } from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** Polled once and found waiting. */
function waiting(semaphore: Semaphore, count = 1): HandPoll<Permit> {
  const acquire = handPoll(semaphore.acquireMany(count));
  acquire.assertPending();
  return acquire;
}

Deno.test("Semaphore: hands out as many permits as it has, at once", () => {
  const semaphore = new Semaphore(2);
  for (let i = 0; i < 2; i++) assert(handPoll(semaphore.acquire()).take() instanceof Permit);
  assertEquals([semaphore.available, semaphore.waiting], [0, 0]);
  waiting(semaphore);
  assertEquals(semaphore.waiting, 1);
});

Deno.test("Semaphore: nothing is taken before the first poll", () => {
  const semaphore = new Semaphore(1);
  const acquire = semaphore.acquire();
  assertEquals(semaphore.available, 1);
  acquire.drop();
  assertEquals(semaphore.available, 1);
});

Deno.test("Semaphore: release wakes the one who has waited longest, and only that one", () => {
  const semaphore = new Semaphore(1);
  const held = semaphore.tryAcquire()!;
  const [first, second] = [waiting(semaphore), waiting(semaphore)];
  held.release();
  assertEquals([first.wakes, second.wakes], [1, 0]);
  assertEquals([first.kept, second.kept], [0, 1]);
  first.take().release();
  assert(second.woken);
  second.take();
});

Deno.test("Semaphore: one who comes between release and poll cannot take the permit", () => {
  const semaphore = new Semaphore(1);
  const held = semaphore.tryAcquire()!;
  const first = waiting(semaphore);
  held.release();
  assertEquals([semaphore.available, semaphore.tryAcquire()], [0, undefined]);
  waiting(semaphore);
  first.take();
});

Deno.test("Semaphore: a large request is not overtaken by small ones behind it", () => {
  const semaphore = new Semaphore(2);
  const held = semaphore.tryAcquire()!;
  const large = waiting(semaphore, 2);
  assertEquals([semaphore.available, semaphore.tryAcquire()], [1, undefined]);
  const small = waiting(semaphore);
  held.release();
  assertEquals([large.woken, small.woken], [true, false]);
  assertEquals(large.take().count, 2);
});

Deno.test("Semaphore: a large request that is dropped lets the small ones behind it go on", () => {
  const semaphore = new Semaphore(2);
  semaphore.tryAcquire();
  const large = waiting(semaphore, 2);
  const small = waiting(semaphore);
  large.drop();
  assertEquals([small.woken, large.kept, semaphore.waiting], [true, 0, 0]);
  small.take();
  assertEquals(semaphore.available, 0);
});

Deno.test("Semaphore: a dropped waiter that was granted permits passes them on", () => {
  const semaphore = new Semaphore(1);
  const held = semaphore.tryAcquire()!;
  const [granted, next] = [waiting(semaphore), waiting(semaphore)];
  held.release();
  assert(granted.woken && !next.woken);
  granted.drop();
  granted.drop();
  assert(next.woken);
  assertEquals(semaphore.available, 0);
  next.take().release();
  assertEquals(semaphore.available, 1);
});

Deno.test("Semaphore: dropping after the permit was taken, or twice, gives nothing back", () => {
  const semaphore = new Semaphore(1);
  const acquire = handPoll(semaphore.acquire());
  acquire.take();
  acquire.drop();
  assertEquals(semaphore.available, 0);
  const waiter = waiting(semaphore);
  waiter.drop();
  waiter.drop();
  assertEquals([semaphore.available, semaphore.waiting], [0, 0]);
});

Deno.test("Semaphore: polling an acquire after its permit is an error", () => {
  const semaphore = new Semaphore(2);
  const atOnce = handPoll(semaphore.acquireMany(2));
  const held = atOnce.take();
  const later = waiting(semaphore);
  held.release();
  later.take();
  for (const acquire of [atOnce, later]) {
    assertThrows(() => acquire.poll(), PolledAfterReady, "acquire()");
  }
});

Deno.test("Semaphore: a woken poll that finds it still waiting keeps the latest waker", () => {
  const semaphore = new Semaphore(0);
  const future = semaphore.acquire();
  const [first, second] = [handPoll(future), handPoll(future)];
  first.assertPending();
  second.assertPending();
  assertEquals([first.kept, second.kept], [0, 1]);
  semaphore.addPermits(1);
  assertEquals([first.woken, second.woken], [false, true]);
});

Deno.test("Semaphore: adding permits wakes as many as they serve", () => {
  const semaphore = new Semaphore(0);
  const waiters = [1, 1, 1].map(() => waiting(semaphore));
  semaphore.addPermits(2);
  assertEquals(waiters.map((waiter) => waiter.woken), [true, true, false]);
  semaphore.addPermits(3);
  assertEquals([waiters[2].woken, semaphore.available], [true, 2]);
});

Deno.test("Semaphore: close ends the waits of now and later with Closed", () => {
  const semaphore = new Semaphore(1);
  const held = semaphore.tryAcquire()!;
  const waiters = [waiting(semaphore), waiting(semaphore)];
  semaphore.close();
  for (const waiter of [...waiters, handPoll(semaphore.acquire())]) {
    assertThrows(() => waiter.poll(), Closed, "the semaphore");
  }
  assert(waiters.every((waiter) => waiter.kept === 0));
  assertThrows(() => semaphore.tryAcquire(), Closed);
  held.release();
  assertEquals(semaphore.available, 1);
});

Deno.test("Semaphore: one that was granted before the close keeps its permit", () => {
  const semaphore = new Semaphore(0);
  const granted = waiting(semaphore);
  semaphore.addPermits(1);
  semaphore.close();
  assertEquals(granted.take().count, 1);
});

Deno.test("Semaphore: a waiter that was closed gives nothing back when it is dropped", () => {
  const semaphore = new Semaphore(0);
  const waiter = waiting(semaphore);
  semaphore.close();
  waiter.drop();
  assertEquals(semaphore.available, 0);
});

Deno.test("Semaphore: tryAcquire takes what is there, and never waits", () => {
  const semaphore = new Semaphore(3);
  assertEquals(semaphore.tryAcquire(2)?.count, 2);
  assertEquals(semaphore.tryAcquire(2), undefined);
  assertEquals([semaphore.tryAcquire()?.count, semaphore.available], [1, 0]);
});

for (const wrong of [-1, 1.5, NaN, Infinity]) {
  Deno.test(`Semaphore: ${wrong} is no number of permits`, () => {
    assertThrows(() => new Semaphore(wrong), RangeError, `got ${wrong}`);
    assertThrows(() => new Semaphore(1).acquireMany(wrong), RangeError, `got ${wrong}`);
  });

  Deno.test(`Semaphore: ${wrong} is no number of permits to try for or to add`, () => {
    assertThrows(() => new Semaphore(1).tryAcquire(wrong), RangeError, `got ${wrong}`);
    assertThrows(() => new Semaphore(1).addPermits(wrong), RangeError, `got ${wrong}`);
  });
}

Deno.test("Permit: releasing it twice gives it back once; a using declaration releases it", () => {
  const semaphore = new Semaphore(1);
  {
    using permit = semaphore.tryAcquire()!;
    permit.release();
    assertEquals(semaphore.available, 1);
  }
  assertEquals(semaphore.available, 1);
});

Deno.test("Semaphore: an aborted task gives back what it holds and what it waits for", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const semaphore = new Semaphore(1);
  const use = (name: string) =>
    virtual.spawn(function* () {
      using _permit = yield* semaphore.acquire();
      log.note(name);
      for (;;) yield* new Semaphore(0).acquire();
    });
  const [a, b, c] = ["a", "b", "c"].map(use);
  virtual.settle();
  b.abort();
  a.abort();
  virtual.settle();
  assertEquals([log.line, semaphore.waiting], ["a c", 0]);
  c.abort();
  assertEquals(semaphore.available, 1);
  assertFalse(virtual.driver.awake);
});
