import {
  type Co,
  type Pipeline,
  pipeline,
  ready,
  RestartLimit,
  type Sender,
  sleep,
  yieldNow,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, waiting } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const NOTHING = { tasks: 0, timers: 0, registrations: 0 };

/** Runs it as the only task; nothing of it may be left afterwards. Answers what reached the end. */
function collected<T>(plan: Pipeline<T>): T[] {
  using virtual = new VirtualRuntime();
  const seen: T[] = [];
  try {
    virtual.run(() => plan.run((item) => void seen.push(item)));
  } finally {
    assertEquals(virtual.runtime.statistics(), NOTHING);
    assertEquals(virtual.reported, []);
  }
  return seen;
}

/** Sends 1, 2, 3 … and notes how far it has come. */
function counting(log: { sent: number }, upTo = Infinity) {
  return function* (out: Sender<number>): Co<void> {
    while (log.sent < upTo) {
      yield* out.send(log.sent + 1);
      log.sent++;
    }
  };
}

Deno.test("pipeline: every item goes through every stage, in order", () => {
  const plan = pipeline([1, 2, 3, 4, 5])
    .filter((n) => n !== 3)
    .stage((n) => ready(10 * n))
    .stage(function* (n) {
      yield* sleep(50 - n);
      return `${n}`;
    });
  assertEquals(collected(plan), ["10", "20", "40", "50"]);
});

Deno.test("pipeline: a filter that is a type guard narrows the type", () => {
  const words: Pipeline<string> = pipeline([1, "a", 2]).filter((item) => typeof item === "string");
  assertEquals(collected(words), ["a"]);
});

Deno.test("pipeline: without stages the source goes to the sink, and it may be empty", () => {
  assertEquals(collected(pipeline([1, 2])), [1, 2]);
  assertEquals(collected(pipeline<number>([]).stage((n) => n)), []);
});

Deno.test("pipeline: it is a plan that can be extended twice and run twice", () => {
  const squares = pipeline([1, 2, 3]).stage((n) => n * n);
  assertEquals(collected(squares.filter((n) => n > 1)), [4, 9]);
  assertEquals(collected(squares), [1, 4, 9]);
});

Deno.test("pipeline: nothing happens before it is run", () => {
  const log = { sent: 0 };
  const run = pipeline(counting(log, 1)).run(() => {});
  assertEquals(log.sent, 0);
  run.drop();
});

Deno.test("pipeline: a sink that waits holds back everything up to the source", () => {
  using virtual = new VirtualRuntime();
  const log = { sent: 0 };
  const worked: number[] = [];
  virtual.spawn(
    pipeline(counting(log), { capacity: 3 })
      .stage((n) => (worked.push(n), n), { capacity: 2 })
      .run(() => new Gate()),
  );
  virtual.settle();
  // One in the sink, two behind it, one that the stage cannot pass on, three behind that.
  assertEquals([worked.length, log.sent], [4, 7]);
});

Deno.test("pipeline: with a concurrency of one, one item of a stage at a time", () => {
  let [running, most] = [0, 0];
  const plan = pipeline([1, 2, 3]).stage(function* (n) {
    most = Math.max(most, ++running);
    yield* sleep(1);
    running--;
    return n;
  });
  assertEquals([collected(plan), most], [[1, 2, 3], 1]);
});

Deno.test("pipeline: with more, as many at once, and what is ready first goes first", () => {
  let [running, most] = [0, 0];
  const plan = pipeline([30, 1, 10, 5]).stage(function* (n) {
    most = Math.max(most, ++running);
    yield* sleep(n);
    running--;
    return n;
  }, { concurrency: 3 });
  assertEquals([collected(plan), most], [[1, 5, 10, 30], 3]);
});

Deno.test("pipeline: what an ended source has sent is dealt with to the last", () => {
  const seen: number[] = [];
  using virtual = new VirtualRuntime();
  virtual.run(() =>
    pipeline([1, 2, 3], { capacity: 1 }).stage((n) => n, { capacity: 1 }).run(function* (n) {
      yield* sleep(10);
      seen.push(n);
    })
  );
  assertEquals([seen, virtual.clock.time], [[1, 2, 3], 30]);
});

for (const place of ["source", "filter", "stage", "sink"] as const) {
  Deno.test(`pipeline: an error in the ${place} ends everything, and is thrown`, () => {
    using virtual = new VirtualRuntime();
    const log = new Recorder();
    const at = (here: typeof place) => (): Co<never> | Gate<never> =>
      here === place ? failing() : new Gate<never>();
    const plan = pipeline(function* (out: Sender<number>) {
      yield* out.send(1);
      if (place === "source") yield* failing();
      yield* waiting(log, "source left");
    }).filter((_) => place === "filter" ? failing() : true)
      .stage((n) => place === "stage" ? failing() : n);
    assertThrows(() => virtual.run(plan.run(at("sink"))), RangeError, "own");
    assertEquals(log.line, place === "source" ? "" : "source left");
    assertEquals([virtual.runtime.statistics(), virtual.reported], [NOTHING, []]);
  });
}

/** Fails at every third number. */
function* picky(n: number): Co<number> {
  yield* sleep(1);
  if (n % 3 === 0) yield* failing();
  return n;
}

Deno.test("pipeline: a supervised stage loses what a worker failed at, and nothing else", () => {
  const seen: string[] = [];
  const plan = pipeline([1, 2, 3, 4, 5, 6, 7]).stage(picky, {
    name: "picker",
    concurrency: 2,
    supervised: {
      backOff: () => 50, // longer than everything else takes: the end has to wait for it
      onEvent: ({ what, ...event }) => void seen.push("child" in event ? event.child : what),
    },
  });
  assertEquals(collected(plan).toSorted(), [1, 2, 4, 5, 7]);
  assertEquals(new Set(seen), new Set(["picker 1", "picker 2"]));
});

Deno.test("pipeline: a supervised stage that fails too often ends everything", () => {
  using virtual = new VirtualRuntime();
  const log = { sent: 0 };
  const seen: number[] = [];
  const plan = pipeline(counting(log)).stage(picky, { supervised: { maxRestarts: 2 } });
  assertThrows(() => virtual.run(plan.run((n) => void seen.push(n))), RestartLimit, "stage 1");
  assertEquals(seen, [1, 2, 4, 5, 7, 8]);
  assertEquals(virtual.runtime.statistics(), NOTHING);
  assertEquals(virtual.reported.length, 3); // nobody else was told of the failures
});

Deno.test("pipeline: dropping it drops the source, every stage and the sink", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(
    pipeline(function* (out: Sender<number>) {
      yield* out.send(1);
      yield* out.send(2);
      yield* waiting(log, "source");
    }).stage(function* (n) {
      if (n === 2) yield* waiting(log, "stage");
      return n;
    }).run(() => waiting(log, "sink")),
  );
  virtual.settle();
  task.abort();
  assertEquals(log.seen.toSorted(), ["sink", "source", "stage"]);
  assertEquals(virtual.runtime.statistics(), NOTHING);
});

Deno.test("pipeline: an iterable that is not used up is told so", () => {
  using virtual = new VirtualRuntime();
  let left = false;
  function* endless() {
    try {
      for (let n = 1;; n++) yield n;
    } finally {
      left = true;
    }
  }
  const run = pipeline(endless()).run(function* (n) {
    yield* yieldNow();
    if (n === 20) yield* failing();
  });
  assertThrows(() => virtual.run(run), RangeError);
  assert(left);
});

Deno.test("pipeline: bad numbers are refused", () => {
  const plan = pipeline([1]);
  for (const concurrency of [0, 1.5, Infinity]) {
    assertThrows(() => plan.stage((n) => n, { concurrency }), RangeError, "as concurrency");
  }
  assertThrows(() => collected(pipeline([1], { capacity: 0 })), RangeError, "as capacity");
});
