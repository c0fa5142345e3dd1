import { Barrier, type Co, Notify, OnceCell, random, sleep } from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import { Crowd, rest } from "./crowd.ts";

const GOODS = 8;
const CONSUMERS = 4;
const PARTIES = 3;
const ROUNDS = 3;
const ASKERS = 4;

/** No consumer sleeps while there is something for it: a notification to a dropped wait passes on. */
export function* notifyDrill(): Co<void> {
  const notify = new Notify();
  const consumers = new Crowd();
  let [stock, left] = [0, GOODS];
  for (let i = 0; i < CONSUMERS; i++) {
    consumers.add("consumer", function* () {
      while (left > 0) {
        yield* notify.notified();
        [stock, left] = [0, left - stock];
        if (left === 0) notify.notifyAll();
        yield* rest();
      }
    });
  }
  const producer = new Crowd();
  producer.add("producer", function* () {
    for (let i = 0; i < GOODS; i++) {
      stock++;
      notify.notifyOne();
      // At this moment one is notified and has not run.
      if (consumers.alive > 1 && random().chance(0.3)) consumers.killOne();
      yield* rest();
    }
  });
  yield* producer.end();
  yield* consumers.end();
  assertEquals([stock, left], [0, 0]);
}

/** Nobody passes before all have come; those who were killed while they waited do not count. */
export function* barrierDrill(): Co<void> {
  const barrier = new Barrier(PARTIES);
  const crowd = new Crowd();
  let [generation, waiting] = [0, 0];
  const visit = function* (): Co<void> {
    const own = generation;
    let met = false;
    waiting++;
    try {
      const { leader } = yield* barrier.wait();
      met = true;
      if (leader) assertEquals([waiting, own], [PARTIES, generation]);
      else assert(own < generation, "it passed without a leader");
      if (leader) [generation, waiting] = [generation + 1, 0];
    } finally {
      if (!met && own === generation) waiting--;
    }
    yield* rest();
  };
  for (let i = 0; i < PARTIES * ROUNDS; i++) {
    crowd.add("party", function* () {
      yield* rest();
      yield* visit();
    });
  }
  yield* crowd.kill(PARTIES);
  const helpers = new Crowd(); // in the place of those who were killed
  while (crowd.alive + helpers.alive > 0) {
    if (barrier.waiting > 0) helpers.add("party", visit);
    yield* sleep(1);
  }
  yield* crowd.end();
  yield* helpers.end();
}

/** One value, made by one at a time, whoever is killed while making it. */
export function* onceCellDrill(): Co<void> {
  const cell = new OnceCell<number>();
  const crowd = new Crowd();
  let [making, made] = [0, 0];
  const make = function* (): Co<number> {
    assertEquals(++making, 1);
    try {
      yield* rest();
      if (random().chance(0.3)) throw new RangeError("not this time");
      return ++made;
    } finally {
      making--;
    }
  };
  const ask = function* (): Co<void> {
    try {
      assertEquals(yield* cell.getOrInit(make), 1);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  };
  for (let i = 0; i < ASKERS; i++) crowd.add("asker", ask);
  yield* crowd.kill(ASKERS);
  yield* crowd.end();
  while (!cell.isSet) yield* ask();
  assertEquals([cell.get(), made], [1, 1]);
}
