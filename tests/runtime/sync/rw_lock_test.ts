import { Misuse, RwLock, type RwLockReadGuard, type RwLockWriteGuard } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

/** A wait to read, polled once and found waiting. */
function reader<T>(lock: RwLock<T>): HandPoll<RwLockReadGuard<T>> {
  const read = handPoll(lock.read());
  read.assertPending();
  return read;
}

/** A wait to write, polled once and found waiting. */
function writer<T>(lock: RwLock<T>): HandPoll<RwLockWriteGuard<T>> {
  const write = handPoll(lock.write());
  write.assertPending();
  return write;
}

Deno.test("RwLock: readers share it, a writer waits for the last of them", () => {
  const lock = new RwLock("value");
  const readers = [handPoll(lock.read()).take(), handPoll(lock.read()).take()];
  assertEquals(readers.map((guard) => guard.value), ["value", "value"]);
  const write = writer(lock);
  readers[0].unlock();
  assert(!write.woken);
  readers[1].unlock();
  assert(write.woken);
  write.take().value = "new";
});

Deno.test("RwLock: a writer is alone, and what it writes is read", () => {
  const lock = new RwLock(1);
  const held = handPoll(lock.write()).take();
  held.value = 2;
  assertEquals([lock.tryRead(), lock.tryWrite()], [undefined, undefined]);
  const [first, second] = [reader(lock), reader(lock)];
  held.unlock();
  assertEquals([first.take().value, second.take().value], [2, 2]);
});

Deno.test("RwLock: a writer who waits holds back later readers, so it is not starved", () => {
  const lock = new RwLock(0);
  const held = lock.tryRead()!;
  const write = writer(lock);
  const late = reader(lock);
  assertEquals(lock.tryRead(), undefined);
  held.unlock();
  assertEquals([write.woken, late.woken], [true, false]);
  write.take().unlock();
  late.take();
});

Deno.test("RwLock: readers who wait come in before a later writer, so they are not starved", () => {
  const lock = new RwLock(0);
  const held = lock.tryWrite()!;
  const [first, second] = [reader(lock), reader(lock)];
  const write = writer(lock);
  held.unlock();
  assertEquals([first.woken, second.woken, write.woken], [true, true, false]);
  first.take().unlock();
  assert(!write.woken);
  second.take().unlock();
  assert(write.woken);
});

Deno.test("RwLock: a writer who gives up lets in the readers it held back", () => {
  const lock = new RwLock(0);
  lock.tryRead();
  const write = writer(lock);
  const late = reader(lock);
  write.drop();
  assert(late.woken);
  late.take();
});

Deno.test("RwLock: a dropped wait that was given the lock passes it on", () => {
  const lock = new RwLock(0);
  const held = lock.tryWrite()!;
  const [first, second] = [writer(lock), writer(lock)];
  const third = reader(lock);
  held.unlock();
  first.drop();
  assertEquals([second.woken, third.woken], [true, false]);
  second.drop();
  assert(third.woken);
});

Deno.test("downgrade: no writer comes in between, and readers who are next do", () => {
  const lock = new RwLock("old");
  const held = lock.tryWrite()!;
  const next = reader(lock);
  const write = writer(lock);
  held.value = "new";
  const guard = held.downgrade();
  assertEquals([guard.value, next.woken, write.woken], ["new", true, false]);
  next.take().unlock();
  assert(!write.woken);
  guard.unlock();
  assert(write.woken);
});

Deno.test("downgrade: the write guard is unlocked by it, and cannot do it twice", () => {
  const lock = new RwLock(0);
  const held = lock.tryWrite()!;
  const guard = held.downgrade();
  assertThrows(() => held.value = 1, Misuse, "after it was unlocked");
  assertThrows(() => held.downgrade(), Misuse, "after it was unlocked");
  held.unlock();
  assertEquals(lock.tryWrite(), undefined);
  guard.unlock();
  assert(lock.tryWrite());
});

Deno.test("RwLock: tryRead and tryWrite take a free one", () => {
  const lock = new RwLock(0);
  const read = lock.tryRead()!;
  assertEquals([lock.tryRead()?.value, lock.tryWrite()], [0, undefined]);
  assertEquals(read.value, 0);
});
