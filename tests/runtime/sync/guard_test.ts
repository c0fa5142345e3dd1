import { Misuse, Mutex, Pending, PolledAfterReady, ready, Semaphore } from "wakeful/runtime";
import { ExclusiveGuard, Guard, Locking } from "../../../runtime/sync/guard.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { handPoll } from "../../support/hand_poll.ts";

class Reading extends Guard<string> {}
class Writing extends ExclusiveGuard<string> {}

/** A semaphore with one permit, which is taken for a guard. */
function held() {
  const semaphore = new Semaphore(1);
  return { semaphore, permit: semaphore.tryAcquire()!, cell: { value: "a" } };
}

Deno.test("Guard: reads what the lock protects, as it is now", () => {
  const { cell, permit } = held();
  const guard = new Reading(cell, permit);
  cell.value = "b";
  assertEquals(guard.value, "b");
});

Deno.test("ExclusiveGuard: replaces what the lock protects", () => {
  const { cell, permit } = held();
  const guard = new Writing(cell, permit);
  guard.value += "b";
  assertEquals([cell.value, guard.value], ["ab", "ab"]);
});

Deno.test("Guard: unlocking gives the permit back, once", () => {
  const { cell, permit, semaphore } = held();
  const guard = new Reading(cell, permit);
  guard.unlock();
  guard.unlock();
  assertEquals(semaphore.available, 1);
});

Deno.test("Guard: a using declaration unlocks it", () => {
  const { cell, permit, semaphore } = held();
  {
    using _guard = new Reading(cell, permit);
    assertEquals(semaphore.available, 0);
  }
  assertEquals(semaphore.available, 1);
});

Deno.test("Guard: once unlocked, reading and writing say that it is", () => {
  const { cell, permit } = held();
  const guard = new Writing(cell, permit);
  guard.unlock();
  assertThrows(() => guard.value, Misuse, "after it was unlocked");
  assertThrows(() => guard.value = "stale", Misuse, "after it was unlocked");
  assertEquals(cell.value, "a");
});

Deno.test("Locking: a second poll, or one after a drop, is an error of its own", () => {
  const { permit } = held();
  const over = handPoll(new Locking(ready(permit), (permit) => permit.count));
  over.assertReady(1);
  assertThrows(() => over.poll(), PolledAfterReady, "a wait for a lock");
  const mutex = new Mutex(0);
  mutex.tryLock();
  const wait = handPoll(mutex.lock());
  assertEquals(wait.poll(), Pending);
  wait.drop();
  wait.drop();
  assertThrows(() => wait.poll(), PolledAfterReady, "a wait for a lock");
});
