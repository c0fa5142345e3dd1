import { type Co, Mutex, type Permit, random, RwLock, Semaphore } from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import { Crowd, rest } from "./crowd.ts";

const WORKERS = 4;
const TURNS = 3;
const MOST_KILLS = 4;
const PERMITS = 3;

/** Runs workers and kills some of them. */
function* ordeal(name: string, turn: (worker: number) => Co<void>): Co<void> {
  const crowd = new Crowd();
  for (let worker = 0; worker < WORKERS; worker++) {
    crowd.add(name, function* () {
      for (let i = 0; i < TURNS; i++) {
        yield* turn(worker);
        yield* rest();
      }
    });
  }
  yield* crowd.kill(MOST_KILLS);
  yield* crowd.end();
}

/** Never two inside, and in the order of asking. */
export function* mutexDrill(): Co<void> {
  const mutex = new Mutex(0);
  const asking: number[] = [];
  let inside = 0;
  yield* ordeal("mutex", function* (worker) {
    let entered = false;
    asking.push(worker);
    try {
      using _guard = yield* mutex.lock();
      assertEquals([asking.shift(), ++inside], [worker, 1]);
      entered = true;
      yield* rest();
    } finally {
      if (entered) inside--;
      else asking.splice(asking.indexOf(worker), 1);
    }
  });
  assert(!mutex.isLocked, "the mutex is still locked");
}

/** Readers together, or one writer. */
export function* rwLockDrill(): Co<void> {
  const lock = new RwLock({ readers: 0, writers: 0 });
  const check = ({ readers, writers }: { readers: number; writers: number }) =>
    assert(writers === 0 || readers + writers === 1, `${readers} readers, ${writers} writers`);
  yield* ordeal("rw lock", function* () {
    if (random().chance(0.5)) {
      using guard = yield* lock.read();
      yield* within(guard.value, "readers");
      return;
    }
    using guard = yield* lock.write();
    yield* within(guard.value, "writers");
    if (random().chance(0.5)) return;
    using shared = guard.downgrade();
    yield* within(shared.value, "readers");
  });
  assert(lock.tryWrite() !== undefined, "the lock is still held");

  function* within(
    inside: { readers: number; writers: number },
    as: "readers" | "writers",
  ): Co<void> {
    inside[as]++;
    try {
      check(inside);
      yield* rest();
      check(inside);
    } finally {
      inside[as]--;
    }
  }
}

/** Never more than there are, and none leaks. */
export function* semaphoreDrill(): Co<void> {
  const semaphore = new Semaphore(PERMITS);
  let held = 0;
  yield* ordeal("semaphore", function* () {
    const count = random().between(1, PERMITS);
    using permit = random().chance(0.3) ? tryOne(count) : yield* semaphore.acquireMany(count);
    if (permit === undefined) return;
    held += count;
    try {
      assert(held <= PERMITS, `${held} of ${PERMITS} permits are held`);
      yield* rest();
    } finally {
      held -= count;
    }
  });
  assertEquals([semaphore.available, semaphore.waiting], [PERMITS, 0]);

  function tryOne(count: number): Permit | undefined {
    const queue = semaphore.waiting;
    const permit = semaphore.tryAcquire(count);
    assert(permit === undefined || queue === 0, "it has overtaken those who wait");
    return permit;
  }
}
