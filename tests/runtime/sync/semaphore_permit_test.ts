import { Misuse, type Permit, Semaphore } from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { handPoll } from "../../support/hand_poll.ts";

/** A semaphore with four permits, all of them held by one. */
function four(): { semaphore: Semaphore; permit: Permit } {
  const semaphore = new Semaphore(4);
  return { semaphore, permit: semaphore.tryAcquire(4)! };
}

Deno.test("Permit: releasing it gives back what it holds, once", () => {
  const { semaphore, permit } = four();
  permit.release();
  permit.release();
  assertEquals([semaphore.available, permit.count], [4, 0]);
});

Deno.test("Permit.split: each part is released by itself", () => {
  const { semaphore, permit } = four();
  const part = permit.split(3);
  assertEquals([part.count, permit.count, semaphore.available], [3, 1, 0]);
  part.release();
  assertEquals(semaphore.available, 3);
  permit.release();
  assertEquals(semaphore.available, 4);
});

Deno.test("Permit.split: may part with all, or with none", () => {
  const { permit } = four();
  const all = permit.split(4);
  assertEquals([all.count, permit.count, all.split(0).count], [4, 0, 0]);
});

Deno.test("Permit.split: not with more than there are, nor with a fraction", () => {
  const { permit, semaphore } = four();
  assertThrows(() => permit.split(5), RangeError, "at most 4");
  assertThrows(() => permit.split(1.5), RangeError, "got 1.5");
  assertThrows(() => permit.split(-1), RangeError, "got -1");
  permit.release();
  assertThrows(() => permit.split(1), RangeError, "at most 0");
  assertEquals(semaphore.available, 4);
});

Deno.test("Permit.merge: one holds all, the other nothing", () => {
  const { semaphore, permit } = four();
  const part = permit.split(3);
  permit.merge(part);
  assertEquals([permit.count, part.count], [4, 0]);
  part.release();
  assertEquals(semaphore.available, 0);
  permit.release();
  assertEquals(semaphore.available, 4);
});

Deno.test("Permit.merge: with itself it stays as it is", () => {
  const { semaphore, permit } = four();
  permit.merge(permit);
  permit.release();
  assertEquals(semaphore.available, 4);
});

Deno.test("Permit.merge: with one of another semaphore is a bug, and changes nothing", () => {
  const [here, there] = [four(), four()];
  assertThrows(() => here.permit.merge(there.permit), Misuse, "release each by itself");
  assertEquals([here.permit.count, there.permit.count], [4, 4]);
});

Deno.test("Permit.forget: the semaphore has that many fewer, for good", () => {
  const { semaphore, permit } = four();
  const part = permit.split(1);
  permit.forget();
  permit.release();
  part.release();
  assertEquals([permit.count, semaphore.available], [0, 1]);
});

Deno.test("forgetPermits: takes away what nobody holds, and says how many that were", () => {
  const semaphore = new Semaphore(3);
  assertEquals([semaphore.forgetPermits(2), semaphore.available], [2, 1]);
  assertEquals([semaphore.forgetPermits(2), semaphore.available], [1, 0]);
  assertEquals(semaphore.forgetPermits(2), 0);
  assertThrows(() => semaphore.forgetPermits(-1), RangeError, "got -1");
});

Deno.test("forgetPermits: leaves alone what was set aside for a waiter", () => {
  const semaphore = new Semaphore(0);
  const acquire = handPoll(semaphore.acquire());
  acquire.assertPending();
  semaphore.addPermits(1);
  assertEquals(semaphore.forgetPermits(1), 0);
  assertEquals(acquire.take().count, 1);
});

Deno.test("Semaphore: says whether it is closed", () => {
  const semaphore = new Semaphore(1);
  assertFalse(semaphore.isClosed);
  semaphore.close();
  assert(semaphore.isClosed);
});
