import {
  BlockedInsideTask,
  blockOn,
  Cancelled,
  Closed,
  intoFuture,
  JoinHandle,
  MissingDriver,
  race,
  ready,
  Runtime,
  Signal,
  sleep,
  spawn,
  yieldNow,
} from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { failing, failingInCleanup } from "../support/bodies.ts";
import { FakeDriver } from "../support/fake_driver.ts";
import { Gate } from "../support/gate.ts";
import { Recorder } from "../support/recorder.ts";
import { VirtualRuntime } from "../support/virtual_runtime.ts";

Deno.test("blockOn: promises what the body returns", async () => {
  assertEquals(
    await blockOn(function* () {
      yield* yieldNow();
      return 42;
    }),
    42,
  );
});

Deno.test("blockOn: rejects with what the body throws", async () => {
  await assertRejects(() => blockOn(failing), RangeError, "own");
});

Deno.test("blockOn: tasks that are still alive when the body ends are cleaned up", async () => {
  const gate = new Gate();
  await blockOn(function* () {
    spawn(gate);
    yield* yieldNow();
  });
  assertEquals([gate.polls, gate.dropped], [1, 1]);
});

Deno.test("blockOn: inside a task it is an error, of either kind", () => {
  using virtual = new VirtualRuntime();
  virtual.run(function* () {
    assertThrows(() => blockOn(ready(1)), BlockedInsideTask, "use yield*");
    assertThrows(() => virtual.runtime.blockOn(ready(1)), BlockedInsideTask, "use yield*");
  });
});

Deno.test("Runtime: blockOn promises the outcome, and other tasks go on afterwards", async () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate();
  const other = virtual.spawn(gate);
  const promise = virtual.runtime.blockOn(ready("value"));
  virtual.settle();
  assertEquals([await promise, other.isFinished()], ["value", false]);
  gate.open();
  virtual.settle();
  assert(other.isFinished());
});

Deno.test("Runtime: two runtimes on one thread keep out of each other's way", () => {
  using one = new VirtualRuntime();
  using two = new VirtualRuntime();
  const [a, b] = [one.spawnSleep(10), two.spawnSleep(10)];
  one.advance(10);
  two.settle();
  assertEquals([a.isFinished(), b.isFinished()], [true, false]);
});

Deno.test("Runtime: a task of one can join a task of another", () => {
  using one = new VirtualRuntime();
  using two = new VirtualRuntime();
  const gate = new Gate<string>();
  const there = two.spawn(gate);
  const here = one.spawn(function* () {
    return yield* there;
  });
  one.settle();
  two.settle();
  gate.open("from there");
  two.settle();
  one.settle();
  assertEquals(one.outcome(here), "from there");
});

Deno.test("Runtime: what was not enabled is missing, and says how to get it", () => {
  using virtual = new VirtualRuntime(() => {});
  virtual.run(function* () {
    assertThrows(() => sleep(1), MissingDriver, "enableTime()");
    assertThrows(() => new Signal("SIGINT"), MissingDriver, "enableIo()");
  });
});

Deno.test("Runtime: the builder's hooks are told the names, and the end of each task", () => {
  const log = new Recorder();
  using virtual = new VirtualRuntime((builder) =>
    builder.enableTime()
      .threadName("front")
      .onTaskStart(({ name }) => log.note(`+${name}`))
      .onTaskEnd(({ name }) => log.note(`-${name}`))
  );
  const aborted = virtual.spawn(new Gate(), "a");
  virtual.spawn(failing, "b");
  virtual.settle();
  aborted.abort();
  assertEquals([virtual.runtime.name, log.line], ["front", "+a +b -b -a"]);
});

Deno.test("Runtime: statistics count what is alive", () => {
  using virtual = new VirtualRuntime();
  virtual.spawn(function* () {
    using _signal = new Signal("SIGINT");
    yield* sleep(10);
  });
  virtual.settle();
  assertEquals(virtual.runtime.statistics(), { tasks: 1, timers: 1, registrations: 1 });
  virtual.advance(10);
  assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});

Deno.test("Runtime: shutdown cleans every task up before it returns, and lets nothing start", () => {
  const virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(function* () {
    try {
      yield* sleep(10);
    } finally {
      spawn(new Gate()).abortOnDrop();
      log.note("cleaned");
    }
  });
  virtual.settle();
  const handle = virtual.runtime.handle();
  virtual.runtime.shutdown();
  virtual.runtime.shutdown();
  assertEquals(log.line, "cleaned");
  assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
  assertEquals(virtual.driver.state, "closed");
  assertThrows(() => virtual.outcome(task), Cancelled, "shut down");
  assertThrows(() => handle.spawn(ready(1)), Closed, "the runtime");
  assertThrows(() => virtual.runtime.blockOn(ready(1)), Closed, "the runtime");
});

Deno.test("Runtime: a using declaration shuts it down", () => {
  const gate = new Gate();
  const driver = new FakeDriver();
  {
    using runtime = Runtime.builder().driver(() => driver).build();
    runtime.spawn(gate);
    driver.step();
  }
  assertEquals([gate.dropped, driver.state], [1, "closed"]);
});

Deno.test("Runtime: an error in the cleanup of a shutdown is reported", () => {
  const virtual = new VirtualRuntime();
  virtual.spawn(failingInCleanup, "messy");
  virtual.settle();
  virtual.runtime.shutdown();
  assertEquals(virtual.reported.map(([name]) => name), ["messy"]);
});

Deno.test("Runtime: an unjoined error goes to stderr by default, once, with the task's name", async () => {
  const lines: unknown[][] = [];
  const { error } = console;
  console.error = (...line: unknown[]) => void lines.push(line);
  try {
    await blockOn(function* () {
      spawn(failing, { name: "bad" });
      for (let i = 0; i < 3; i++) yield* sleep(1);
    });
  } finally {
    console.error = error;
  }
  assertEquals(lines.length, 1);
  assertMatch(lines[0].join(" "), /task bad failed.*RangeError: own/s);
});

Deno.test("Handle: starts tasks from plain async code, which can await them", async () => {
  using runtime = Runtime.builder().enableTime().build();
  const handle = runtime.handle();
  const doubled = await Promise.all([1, 2, 3].map((n) =>
    handle.spawn(function* () {
      yield* sleep(1);
      return 2 * n;
    })
  ));
  assertEquals(doubled, [2, 4, 6]);
  const named = handle.spawn(ready(1), { name: "named" });
  assert(named instanceof JoinHandle);
  assertEquals([named.name, await named], ["named", 1]);
});

Deno.test("Runtime: by default it runs on the platform's clock and its own driver", async () => {
  using runtime = Runtime.builder().enableAll().build();
  const before = performance.now();
  await runtime.blockOn(function* () {
    yield* sleep(5);
  });
  assert(performance.now() - before >= 5);
  assertEquals(runtime.name, "wakeful");
});

Deno.test("Runtime: a function that makes a future is called inside the task it starts", () => {
  using virtual = new VirtualRuntime();
  const slept = virtual.spawn(() => sleep(10));
  virtual.advance(10);
  assert(slept.isFinished());
});

Deno.test("Runtime.tasks: tells who waits for what, and who can run", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate();
  virtual.spawnSleep(5);
  virtual.spawn(function* () {
    yield* gate;
  }, "waiter");
  assertEquals(virtual.runtime.tasks().map(({ waitsFor }) => waitsFor), ["nothing", "nothing"]);
  virtual.settle();
  assertEquals(virtual.runtime.tasks(), [
    { name: virtual.runtime.tasks()[0].name, waitsFor: "sleep until 5" },
    { name: "waiter", waitsFor: "Gate" },
  ]);
  virtual.advance(5);
  assertEquals(virtual.runtime.tasks().map(({ name }) => name), ["waiter"]);
});

Deno.test("Runtime.tasks: what lost a race is not waited for any more", () => {
  using virtual = new VirtualRuntime();
  const loser = function* () {
    yield* sleep(100);
  };
  virtual.spawn(function* () {
    yield* race(intoFuture(loser), ready(undefined));
    yield* sleep(5);
  });
  virtual.settle();
  assertEquals(virtual.runtime.tasks().map(({ waitsFor }) => waitsFor), ["sleep until 5"]);
});

/** The order in which five tasks run on a runtime with that seed. */
function shuffledOrder(seed: number): string {
  const log = new Recorder();
  using virtual = new VirtualRuntime((builder) => builder.seed(seed).shuffleTasks());
  for (const name of "abcde") {
    virtual.spawn(function* () {
      log.note(name);
    });
  }
  virtual.settle();
  return log.line;
}

Deno.test("RuntimeBuilder.shuffleTasks: the order of ready tasks follows from the seed", () => {
  const orders = Array.from({ length: 20 }, (_, seed) => shuffledOrder(seed));
  assertEquals(orders, Array.from({ length: 20 }, (_, seed) => shuffledOrder(seed)));
  assert(new Set(orders).size > 10);
});
