/**
 * Lesson 18, synchronisation: who may go on, and in which order.
 *
 * One thread runs all tasks, so nothing changes between two awaits; what spans an await needs a
 * lock. Read on in runtime/sync: wait_list.ts first, then notify.ts and semaphore.ts; mutex.ts,
 * rw_lock.ts, barrier.ts and once_cell.ts are short, since they stand on those.
 */

import {
  Barrier,
  type Co,
  mpsc,
  Mutex,
  Notify,
  now,
  OnceCell,
  type Permit,
  RwLock,
  scope,
  Semaphore,
  sleep,
  spawn,
  yieldNow,
} from "wakeful/runtime";
import { byHand, runTest } from "wakeful/testing";
import { assert, assertEquals, assertFalse } from "../support/assert.ts";
import { show } from "./show.ts";

/** Runs `count` tasks of `body` to their end. */
const all = (count: number, body: (i: number) => Co<void>) =>
  scope(function* (s) {
    for (let i = 0; i < count; i++) s.spawn(() => body(i));
  });

Deno.test("lesson 18.1 · a hundred tasks count to a hundred under a mutex", async () => {
  const counter = new Mutex(0);
  await runTest(() =>
    all(100, function* () {
      using guard = yield* counter.lock();
      const before = guard.value;
      yield* yieldNow(); // anything may happen here
      guard.value = before + 1;
    })
  );
  assertEquals(counter.tryLock()?.value, 100);
});

Deno.test("lesson 18.1 · without the mutex ninety-nine updates are lost", async () => {
  let counter = 0;
  await runTest(() =>
    all(100, function* () {
      const before = counter;
      yield* yieldNow();
      counter = before + 1;
    })
  );
  assertEquals(counter, 1);
});

Deno.test("lesson 18.2 · of twenty tasks at most five hold a permit at once", async () => {
  let running = 0, most = 0;
  await runTest(function* () {
    const semaphore = new Semaphore(5);
    yield* all(20, function* () {
      using _permit = yield* semaphore.acquire();
      most = Math.max(most, ++running);
      yield* sleep(100);
      running--;
    });
    show(`twenty jobs of 100 ms, five at a time, took ${now()} ms`);
    assertEquals([now(), semaphore.available], [400, 5]);
  });
  assertEquals(most, 5);
});

Deno.test("lesson 18.3 · a notify wakes the consumer when the producer has added something", async () => {
  const consumed: [number, at: number][] = [];
  await runTest(function* () {
    const queue: number[] = [];
    const added = new Notify();
    const consumer = spawn(function* () {
      while (consumed.length < 4) {
        while (queue.length === 0) yield* added.notified();
        consumed.push([queue.shift()!, now()]);
      }
    });
    added.notifyOne(); // nobody waits yet: it is kept, and the consumer looks once in vain
    for (const [n, pause] of [[1, 1_000], [2, 1_000], [3, 0], [4, 500]]) {
      yield* sleep(pause);
      queue.push(n);
      added.notifyOne();
    }
    yield* consumer;
  });
  assertEquals(consumed, [[1, 1_000], [2, 2_000], [3, 2_000], [4, 2_500]]);
});

/** A mutex made of a bell: the stored notification is the lock, and whoever takes it has it. */
class BellMutex {
  #bell = new Notify();

  constructor() {
    this.#bell.notifyOne();
  }

  *lock(): Co<Disposable> {
    yield* this.#bell.notified();
    return { [Symbol.dispose]: () => this.#bell.notifyOne() };
  }
}

Deno.test("lesson 18.4 · a mutex can be built from a notify: first come, first served", async () => {
  const order: number[] = [];
  let inside = 0;
  await runTest(function* () {
    const mutex = new BellMutex();
    yield* all(5, function* (i) {
      using _guard = yield* mutex.lock();
      assertEquals(++inside, 1);
      yield* sleep(100);
      inside--;
      order.push(i);
    });
    assertEquals(now(), 500);
  });
  assertEquals(order, [0, 1, 2, 3, 4]);
});

Deno.test("lesson 18.4 · a waiter that was given the bell and is dropped passes it on", () => {
  const mutex = new BellMutex();
  const [holder, second, third] = [1, 2, 3].map(() => byHand(() => mutex.lock()));
  const guard = holder.assertReady();
  second.assertPending();
  third.assertPending();
  guard[Symbol.dispose]();
  assert(second.wasWoken());
  second.drop();
  third.assertReady();
});

Deno.test("lesson 18.4 · RwLock: readers share, the writer is alone, and does not starve", async () => {
  const log: string[] = [];
  await runTest(function* () {
    const page = new RwLock("draft");
    const read = function* (name: string, from: number) {
      yield* sleep(from);
      using guard = yield* page.read();
      log.push(`${now()} ${name} reads ${guard.value}`);
      yield* sleep(300);
    };
    const write = function* () {
      yield* sleep(150);
      using guard = yield* page.write();
      guard.value = "final";
      log.push(`${now()} writer`);
      yield* sleep(300);
    };
    yield* scope(function* (s) {
      for (const [name, from] of [["a", 0], ["b", 100], ["c", 200], ["d", 300]] as const) {
        s.spawn(() => read(name, from));
      }
      s.spawn(write);
    });
  });
  show(...log);
  assertEquals(log, [
    "0 a reads draft",
    "100 b reads draft", // together with a
    "400 writer", // when a and b have finished; c and d came later and stand behind it
    "700 c reads final",
    "700 d reads final",
  ]);
});

Deno.test("lesson 18.4 · Barrier: all go on when the last has come, and one of them leads", async () => {
  const log: [generation: number, at: number][] = [];
  let leaders = 0;
  await runTest(() => {
    const barrier = new Barrier(3);
    return all(3, function* (i) {
      for (let generation = 1; generation <= 2; generation++) {
        yield* sleep((i + 1) * 1_000);
        const { leader } = yield* barrier.wait();
        if (leader) leaders++;
        log.push([generation, now()]);
      }
    });
  });
  assertEquals(log, [[1, 3_000], [1, 3_000], [1, 3_000], [2, 6_000], [2, 6_000], [2, 6_000]]);
  assertEquals(leaders, 2);
});

Deno.test("lesson 18.4 · OnceCell: ten ask, one connects, all have the connection", async () => {
  let connects = 0;
  const seen: unknown[] = [];
  await runTest(function* () {
    const cell = new OnceCell<{ id: number }>();
    yield* all(10, function* () {
      const connection = yield* cell.getOrInit(function* () {
        yield* sleep(1_000);
        return { id: ++connects };
      });
      seen.push(connection);
    });
    assertEquals(now(), 1_000);
  });
  assertEquals([connects, seen.length, new Set(seen).size], [1, 10, 1]);
});

Deno.test("lesson 18.4 · a permit is owned: one task takes it, another gives it back", async () => {
  await runTest(function* () {
    const semaphore = new Semaphore(1);
    const [sender, receiver] = mpsc<Permit>(1);
    yield* sender.send(yield* semaphore.acquire());
    spawn(function* () {
      using _permit = (yield* receiver.recv()) as Permit;
      yield* sleep(1_000);
    });
    assertEquals(semaphore.available, 0);
    using _next = yield* semaphore.acquire();
    assertEquals(now(), 1_000);
  });
});

Deno.test("lesson 18.4 · a mutex guard is owned, too: it may outlive the block that locked", async () => {
  const balance = new Mutex(100);
  await runTest(function* () {
    const guard = yield* balance.lock();
    spawn(function* () {
      using held = guard;
      yield* sleep(1_000);
      held.value -= 30;
    });
    yield* yieldNow();
    assert(balance.isLocked);
    using after = yield* balance.lock();
    assertEquals([after.value, now()], [70, 1_000]);
  });
  assertFalse(balance.isLocked);
});
