import {
  type Co,
  End,
  fanOut,
  type FanOutOptions,
  OutsideRuntime,
  sleep,
  yieldNow,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, waiting } from "../../support/bodies.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const NOTHING = { tasks: 0, timers: 0, registrations: 0 };

function* nap(milliseconds: number): Co<number> {
  yield* sleep(milliseconds);
  return milliseconds;
}

/** Sleeps as long as each input says, and answers in which order that came out, and how long it took. */
function naps(inputs: Iterable<number>, options: FanOutOptions): [number[], number] {
  using virtual = new VirtualRuntime();
  const results = virtual.run(function* () {
    using fan = fanOut(inputs, nap, options);
    return yield* fan.collect();
  });
  assertEquals(virtual.runtime.statistics(), NOTHING);
  return [results, virtual.clock.time];
}

Deno.test("fanOut: results come as they are finished", () => {
  assertEquals(naps([30, 10, 20], { limit: 3 }), [[10, 20, 30], 30]);
});

Deno.test("fanOut: or in the order of the inputs, as quickly", () => {
  assertEquals(naps([30, 10, 20], { limit: 3, order: "input" }), [[30, 10, 20], 30]);
});

Deno.test("fanOut: no more than the limit at once; the next begins when one is taken", () => {
  assertEquals(naps([30, 10, 20, 5], { limit: 2 }), [[10, 30, 20, 5], 35]);
  assertEquals(naps([1, 2, 3], { limit: 1 }), [[1, 2, 3], 6]);
});

Deno.test("fanOut: in order, a slow one holds back those behind it", () => {
  assertEquals(naps([30, 10, 10, 10], { limit: 2, order: "input" }), [[30, 10, 10, 10], 40]);
});

Deno.test("fanOut: no inputs, no results; after the end it stays at the end", () => {
  using virtual = new VirtualRuntime();
  virtual.run(function* () {
    using fan = fanOut([], nap, { limit: 2 });
    assertEquals([yield* fan.next(), yield* fan.nextOutcome()], [End, End]);
  });
});

Deno.test("fanOut: work may be a plain function, and is told the index", () => {
  using virtual = new VirtualRuntime();
  const results = virtual.run(function* () {
    return yield* fanOut("abc", (letter, index) => letter + index, { limit: 2 }).collect();
  });
  assertEquals(results, ["a0", "b1", "c2"]);
});

Deno.test("fanOut: inputs are taken only when there is room, and may be endless", () => {
  using virtual = new VirtualRuntime();
  let [taken, left] = [0, false];
  function* endless() {
    try {
      for (;;) yield taken++;
    } finally {
      left = true;
    }
  }
  virtual.run(function* () {
    using fan = fanOut(endless(), (n) => n, { limit: 3 });
    for (let n = 0; n < 10; n++) assertEquals(yield* fan.next(), n);
    assert(taken <= 12, `${taken} were taken for 10 results`);
    assert(!left);
  });
  assert(left);
});

Deno.test("fanOut: results that nobody takes hold the work back", () => {
  using virtual = new VirtualRuntime();
  let begun = 0;
  virtual.run(function* () {
    using fan = fanOut([1, 1, 1, 1, 1], (ms) => (begun++, nap(ms)), { limit: 2 });
    yield* fan.next();
    yield* sleep(100);
    assertEquals(begun, 2);
    yield* fan.next();
    yield* yieldNow();
    assertEquals(begun, 3);
  });
});

Deno.test("fanOut: the first error ends everything", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const work = (name: string) => name === "bad" ? failing() : waiting(log, name);
  virtual.run(function* () {
    const fan = fanOut(["a", "b", "bad", "never begun"], work, { limit: 3 });
    try {
      yield* fan.next();
    } catch (error) {
      assertEquals(String(error), "RangeError: own");
    }
    assertEquals(log.line, "a b");
    assertEquals(yield* fan.next(), End);
  });
  assertEquals([virtual.runtime.statistics(), virtual.reported], [NOTHING, []]);
});

Deno.test("fanOut: an error that comes second is reported", () => {
  using virtual = new VirtualRuntime();
  const work = (name: string) => failing(new RangeError(name));
  const run = function* () {
    yield* fanOut(["first", "second"], work, { limit: 2 }).next();
  };
  assertThrows(() => virtual.run(run), RangeError, "first");
  virtual.settle();
  const reported = virtual.reported.map(([name, error]) => [name, String(error)]);
  assertEquals(reported, [["input 1 of a fan-out", "RangeError: second"]]);
});

Deno.test("fanOut: errors as values leave the others alone", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    using fan = fanOut([2, -1, 1], (n) => n < 0 ? failing() : nap(n), { limit: 3 });
    const seen = [];
    for (let next = yield* fan.nextOutcome(); next !== End; next = yield* fan.nextOutcome()) {
      const { how, input, index } = next;
      seen.push([how, input, index, how === "value" ? next.value : String(next.error)]);
    }
    return seen;
  });
  assertEquals(seen, [
    ["error", -1, 1, "RangeError: own"],
    ["value", 1, 2, 1],
    ["value", 2, 0, 2],
  ]);
  assertEquals(virtual.reported, []);
});

for (const order of ["finished", "input"] as const) {
  Deno.test(`fanOut: a dropped wait takes no result (order: ${order})`, () => {
    using virtual = new VirtualRuntime();
    virtual.run(function* () {
      using fan = fanOut([5, 10], nap, { limit: 2, order });
      const wait = fan.next();
      wait.next();
      wait.return(End);
      yield* sleep(20);
      assertEquals(yield* fan.collect(), [5, 10]);
    });
  });
}

Deno.test("fanOut: dropping it aborts what is running", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(function* () {
    using fan = fanOut(["a", "b"], (name) => waiting(log, name), { limit: 2 });
    yield* fan.next();
  });
  virtual.settle();
  task.abort();
  assertEquals([log.line, virtual.runtime.statistics()], ["a b", NOTHING]);
});

/** 1, 2, and then an error; leaving them early throws one, too. */
function* brittle(): Generator<number, void, void> {
  let used = false;
  try {
    yield 1;
    yield 2;
    used = true;
    throw new RangeError("no more");
  } finally {
    // deno-lint-ignore no-unsafe-finally -- this is what it is for
    if (!used) throw new RangeError("in cleanup");
  }
}

Deno.test("fanOut: an error of the inputs ends everything", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  virtual.run(function* () {
    const inputs = (function* () {
      yield* ["a", "b", "quick"];
      throw new RangeError("no more");
    })();
    const work = (name: string) => name === "quick" ? name : waiting(log, name);
    const fan = fanOut<string, string | void>(inputs, work, { limit: 3 });
    assertEquals(yield* fan.next(), "quick");
    try {
      yield* fan.next();
    } catch (error) {
      assertEquals(String(error), "RangeError: no more");
    }
    assertEquals([log.line, yield* fan.next()], ["a b", End]);
  });
  assertEquals([virtual.runtime.statistics(), virtual.reported], [NOTHING, []]);
});

Deno.test("fanOut: after an error of the inputs, the outcomes that are left can be had", () => {
  using virtual = new VirtualRuntime();
  virtual.run(function* () {
    using fan = fanOut(brittle(), nap, { limit: 3 });
    try {
      yield* fan.nextOutcome();
      assert(false, "the inputs are brittle");
    } catch (error) {
      assertEquals(String(error), "RangeError: no more");
    }
    assertEquals(yield* fan.collect(), [1, 2]);
  });
});

Deno.test("fanOut: inputs that have ended, or thrown, are not touched again", () => {
  using virtual = new VirtualRuntime();
  for (const broken of [false, true]) {
    const asked: string[] = [];
    const inputs: Iterator<number> = {
      next() {
        asked.push("next");
        if (broken) throw new RangeError("no more");
        return { done: true, value: undefined };
      },
      return() {
        asked.push("return");
        return { done: true, value: undefined };
      },
    };
    virtual.run(function* () {
      using fan = fanOut({ [Symbol.iterator]: () => inputs }, nap, { limit: 3 });
      if (broken) assertThrows(() => fan.nextOutcome().next(), RangeError, "no more");
      assertEquals(yield* fan.nextOutcome(), End);
    });
    assertEquals(asked, ["next"]);
  }
});

Deno.test("fanOut: an error in the inputs' cleanup does not hide the one that came first", () => {
  using virtual = new VirtualRuntime();
  const run = function* () {
    yield* fanOut(brittle(), () => failing(), { limit: 1 }).next();
  };
  assertThrows(() => virtual.run(run), RangeError, "own");
  virtual.settle();
  const reported = virtual.reported.map(([name, error]) => [name, String(error)]);
  assertEquals(reported, [["cleanup of a fan-out", "RangeError: in cleanup"]]);
});

Deno.test("fanOut: a bad limit is refused, and so is a call outside a task", () => {
  using virtual = new VirtualRuntime();
  virtual.run(function* () {
    for (const limit of [0, -1, 1.5, Infinity]) {
      assertThrows(() => fanOut([1], nap, { limit }), RangeError, "as limit");
    }
  });
  assertThrows(() => fanOut([1], nap, { limit: 1 }), OutsideRuntime);
});
