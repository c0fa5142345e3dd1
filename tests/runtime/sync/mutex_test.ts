import { Misuse, Mutex, MutexGuard, sleep } from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** Polled once and found waiting. */
function waiting<T>(mutex: Mutex<T>): HandPoll<MutexGuard<T>> {
  const lock = handPoll(mutex.lock());
  lock.assertPending();
  return lock;
}

Deno.test("Mutex: a free one is locked at the first poll, and not before", () => {
  const mutex = new Mutex("value");
  const lock = handPoll(mutex.lock());
  assertFalse(mutex.isLocked);
  const guard = lock.take();
  assert(mutex.isLocked && guard instanceof MutexGuard);
  assertEquals(guard.value, "value");
});

Deno.test("Mutex: what one guard writes the next one reads", () => {
  const mutex = new Mutex(1);
  const first = mutex.tryLock()!;
  first.value += 1;
  first.unlock();
  assertEquals(mutex.tryLock()?.value, 2);
});

Deno.test("Mutex: unlocking hands it to the one who has waited longest, and only that one", () => {
  const mutex = new Mutex(0);
  const held = mutex.tryLock()!;
  const [first, second] = [waiting(mutex), waiting(mutex)];
  held.unlock();
  assertEquals([first.wakes, second.wakes, mutex.isLocked], [1, 0, true]);
  first.take().unlock();
  assert(second.woken);
});

Deno.test("Mutex: one who comes between unlock and poll cannot take it", () => {
  const mutex = new Mutex(0);
  const held = mutex.tryLock()!;
  const first = waiting(mutex);
  held.unlock();
  assertEquals(mutex.tryLock(), undefined);
  const late = waiting(mutex);
  first.take().unlock();
  late.take();
});

Deno.test("Mutex: a dropped wait that was given the lock passes it on", () => {
  const mutex = new Mutex(0);
  const held = mutex.tryLock()!;
  const [first, second] = [waiting(mutex), waiting(mutex)];
  held.unlock();
  first.drop();
  assert(second.woken);
  second.drop();
  assertFalse(mutex.isLocked);
});

Deno.test("Mutex: a dropped wait that was not given the lock changes nothing", () => {
  const mutex = new Mutex(0);
  const held = mutex.tryLock()!;
  const [first, second] = [waiting(mutex), waiting(mutex)];
  first.drop();
  assertEquals([first.kept, second.woken, mutex.isLocked], [0, false, true]);
  held.unlock();
  second.take();
});

Deno.test("Mutex: a guard that was unlocked cannot write over the next holder's value", () => {
  const mutex = new Mutex("mine");
  const stale = mutex.tryLock()!;
  stale.unlock();
  const guard = mutex.tryLock()!;
  assertThrows(() => stale.value = "stale", Misuse, "lock again");
  stale.unlock();
  assertEquals([guard.value, mutex.isLocked], ["mine", true]);
});

Deno.test("Mutex: a guard may be unlocked by another task than the one that locked", () => {
  using virtual = new VirtualRuntime();
  const mutex = new Mutex("handed over");
  const seen = virtual.run(function* () {
    const guard = yield* mutex.lock();
    const other = virtual.spawn(function* () {
      using taken = guard;
      return taken.value;
    });
    return yield* other;
  });
  assertEquals([seen, mutex.isLocked], ["handed over", false]);
});

Deno.test("Mutex: a hundred tasks that read, wait and write lose no update", () => {
  using virtual = new VirtualRuntime();
  const mutex = new Mutex(0);
  for (let i = 0; i < 100; i++) {
    virtual.spawn(function* () {
      using guard = yield* mutex.lock();
      const before = guard.value;
      yield* sleep(1);
      guard.value = before + 1;
    });
  }
  virtual.advance(100);
  assertEquals(mutex.tryLock()?.value, 100);
});

Deno.test("Mutex: an aborted task unlocks what it holds and leaves the queue it waits in", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const mutex = new Mutex(0);
  const [a, b, c] = ["a", "b", "c"].map((name) =>
    virtual.spawn(function* () {
      using _guard = yield* mutex.lock();
      log.note(name);
      yield* new Gate();
    })
  );
  virtual.settle();
  b.abort();
  a.abort();
  virtual.settle();
  assertEquals(log.line, "a c");
  c.abort();
  assertFalse(mutex.isLocked);
});

Deno.test("Mutex: a task that is aborted after it was given the lock, and before its turn", () => {
  using virtual = new VirtualRuntime();
  const mutex = new Mutex(0);
  const held = mutex.tryLock()!;
  const lock = () =>
    virtual.spawn(function* () {
      return yield* mutex.lock();
    });
  const [first, second] = [lock(), lock()];
  virtual.settle();
  held.unlock();
  first.abort();
  virtual.settle();
  assertEquals(virtual.outcome(second).value, 0);
});

Deno.test("withLock: holds the lock while the body runs, across its awaits", () => {
  const mutex = new Mutex("a");
  const gate = new Gate();
  const body = handPoll(() =>
    mutex.withLock(function* (guard) {
      yield* gate;
      return guard.value += "b";
    })
  );
  body.assertPending();
  assert(mutex.isLocked);
  gate.open();
  body.assertReady("ab");
  assertFalse(mutex.isLocked);
});

Deno.test("withLock: unlocks when the body throws, and when it is dropped", () => {
  const mutex = new Mutex(0);
  const throwing = handPoll(() => mutex.withLock(() => failing()));
  assertThrows(() => throwing.poll(), RangeError, "own");
  assertFalse(mutex.isLocked);
  const dropped = handPoll(() =>
    mutex.withLock(function* () {
      yield* new Gate();
    })
  );
  dropped.assertPending();
  assert(mutex.isLocked);
  dropped.drop();
  assertFalse(mutex.isLocked);
});
