import {
  Cancelled,
  type Co,
  type Future,
  type JoinHandle,
  MissingDriver,
  pending,
  race,
  ready,
  Runtime,
  scope,
  shielded,
  sleep,
  spawn,
  TimedOut,
  timeout,
  YieldedInCleanup,
  yieldNow,
} from "wakeful/runtime";
import { assert, assertEquals, assertRejects, assertThrows } from "../../support/assert.ts";
import { failing, waiting } from "../../support/bodies.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

function farewell(log: Recorder, name: string, milliseconds: number, limit = 100): Future<string> {
  return shielded(limit, function* () {
    try {
      yield* sleep(milliseconds);
      log.note(`${name} done`);
      return name;
    } finally {
      log.note(`${name} left`);
    }
  });
}

/** A task that waits for ever, and then for its farewells. */
function client(log: Recorder, ...farewells: [string, number][]): () => Co<void> {
  return function* () {
    try {
      yield* pending();
    } finally {
      for (const [name, milliseconds] of farewells) {
        log.note(yield* farewell(log, name, milliseconds));
      }
    }
  };
}

function begun<T>(virtual: VirtualRuntime, body: () => Co<T> | Future<T>): JoinHandle<T> {
  const handle = virtual.spawn(body);
  handle.then(() => {}, () => {});
  virtual.settle();
  return handle;
}

function left(virtual: VirtualRuntime) {
  virtual.settle();
  return [virtual.runtime.statistics(), virtual.reported];
}

const NOTHING = [{ tasks: 0, timers: 0, registrations: 0 }, []];

Deno.test("shielded: without a cancel it is as if it were not there", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  assertEquals(virtual.run(() => farewell(log, "a", 500)), "a");
  assertEquals(log.line, "a done a left");
  assertEquals(left(virtual), NOTHING);
});

Deno.test("shielded: a finally block waits in it, goes on after it, and the task ends after that", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, client(log, ["a", 5], ["b", 5]));
  task.abort("over");
  assertEquals([log.line, task.isFinished()], ["", false]);
  virtual.advance(9);
  assertEquals([log.line, task.isFinished()], ["a done a left a", false]);
  virtual.advance(1);
  assertEquals(log.line, "a done a left a b done b left b");
  assertThrows(() => virtual.outcome(task), Cancelled, "over");
  assertEquals(left(virtual), NOTHING);
});

Deno.test("shielded: work that has begun runs on, and the finally blocks around it run after it", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, function* () {
    try {
      yield* farewell(log, "work", 5);
      log.note("never");
    } finally {
      log.note("outer");
    }
  });
  task.abort();
  assertEquals(log.line, "");
  virtual.advance(5);
  assertEquals(log.line, "work done work left outer");
  assertEquals(left(virtual), NOTHING);
});

Deno.test("shielded: work that has not begun is not begun by a cancel", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const work = farewell(log, "work", 5);
  const task = begun(virtual, () => race<unknown>(sleep(1), work));
  work.drop();
  task.abort();
  assertEquals([log.line, task.isFinished()], ["work left", true]);
});

Deno.test("shielded: at its limit cleanup is dropped and learns of it", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, client(log, ["slow", 101]));
  task.abort();
  virtual.advance(99);
  assertEquals([log.line, task.isFinished()], ["", false]);
  virtual.advance(1);
  assertEquals(log.line, "slow left");
  assertThrows(() => virtual.outcome(task), TimedOut, "100 ms");
  assertEquals(left(virtual), NOTHING);
});

Deno.test("shielded: at its limit work is dropped, reported, and what is around it still cleans up", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, function* () {
    try {
      yield* farewell(log, "work", 1_000);
    } finally {
      log.note("outer");
    }
  });
  task.abort();
  virtual.advance(100);
  virtual.settle();
  assertEquals(log.line, "work left outer");
  assertEquals(virtual.reported.map(([name]) => name), ["shielded work after a cancel"]);
  assert(virtual.reported[0][1] instanceof TimedOut);
  assertThrows(() => virtual.outcome(task), Cancelled);
});

Deno.test("shielded: a ready body does not suspend the cleanup", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, function* () {
    try {
      yield* pending();
    } finally {
      log.note(`${yield* shielded(10, ready(7))}`);
    }
  });
  task.abort();
  assertEquals([log.line, task.isFinished()], ["7", true]);
});

Deno.test("shielded: an error in it is the error of the cleanup, and can be caught there", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, function* () {
    try {
      yield* pending();
    } finally {
      try {
        yield* shielded(10, function* () {
          yield* sleep(1);
          throw new RangeError("own");
        });
      } catch (error) {
        log.note(`caught ${(error as Error).message}`);
      }
    }
  });
  task.abort();
  virtual.advance(1);
  assertEquals(log.line, "caught own");
  assertThrows(() => virtual.outcome(task), Cancelled);
});

Deno.test("shielded: a second abort changes nothing, a shutdown cuts it short", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, client(log, ["a", 50]));
  task.abort("first");
  task.abort("second");
  virtual.advance(10);
  assertEquals(task.isFinished(), false);
  virtual.runtime.shutdown();
  assertEquals([log.line, task.isFinished()], ["a left", true]);
  assertThrows(() => virtual.outcome(task), Cancelled, "first");
});

Deno.test("shielded: close waits for it, however many there are", async () => {
  const log = new Recorder();
  const runtime = Runtime.builder().enableTime().build();
  const task = runtime.spawn(client(log, ["a", 1], ["b", 1]));
  task.then(() => {}, () => {});
  await runtime.blockOn(() => yieldNow());
  await runtime.close();
  assertEquals(log.line, "a done a left a b done b left b");
  assertEquals(runtime.statistics().tasks, 0);
  await assertRejects(() => task.then(), Cancelled, "the runtime was shut down");
});

Deno.test("shielded: a timeout does not wait for it; the loop sees it to its end", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const error = virtual.run(function* () {
    try {
      yield* timeout(10, client(log, ["a", 5]));
    } catch (error) {
      log.note("went on");
      return error;
    }
  });
  assert(error instanceof TimedOut);
  assertEquals(log.line, "went on");
  virtual.advance(5);
  assertEquals(log.line, "went on a done a left a");
  assertEquals(left(virtual), NOTHING);
});

Deno.test("shielded: coroutines that are dropped together unwind inner first, each in its order", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, function* () {
    try {
      yield* race(client(log, ["a", 5]), client(log, ["b", 7]));
    } finally {
      log.note("outer");
    }
  });
  task.abort();
  virtual.advance(7);
  assertEquals(log.line, "a done a left a b done b left b outer");
  assertEquals(left(virtual), NOTHING);
});

Deno.test("shielded: a scope that failed waits for its children's before it throws", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, () =>
    scope(function* (s) {
      s.spawn(client(log, ["child", 5]));
      try {
        yield* yieldNow();
        throw new RangeError("own");
      } finally {
        log.note("body");
      }
    }));
  assertEquals([log.line, task.isFinished()], ["body", false]);
  virtual.advance(5);
  assertEquals(log.line, "body child done child left child");
  assertThrows(() => virtual.outcome(task), RangeError, "own");
  assertEquals(left(virtual), NOTHING);
});

Deno.test("shielded: the task around a dropped scope ends after the scope's children", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, function* () {
    try {
      yield* scope(function* (s) {
        s.spawn(client(log, ["child", 5]));
        yield* client(log, ["body", 3])();
      });
    } finally {
      log.note("outer");
    }
  });
  task.abort();
  virtual.advance(4);
  assertEquals(task.isFinished(), false);
  virtual.advance(1);
  assertEquals(log.line, "body done body left body child done child left child outer");
  assertEquals([task.isFinished(), ...left(virtual)], [true, ...NOTHING]);
});

Deno.test("shielded: inside it tasks, races and scopes work as anywhere", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = begun(virtual, function* () {
    try {
      yield* pending();
    } finally {
      yield* shielded(100, function* () {
        yield* race<unknown>(sleep(1), client(log, ["loser", 3]));
        yield* scope(function* (s) {
          s.spawn(() => sleep(2));
        });
        log.note(`${yield* spawn(() => ready("child"))}`);
      });
      log.note("end");
    }
  });
  task.abort();
  virtual.advance(3);
  assertEquals([log.line, task.isFinished()], ["child end", true]);
  virtual.advance(1);
  assertEquals(log.line, "child end loser done loser left loser");
  assertEquals(left(virtual), NOTHING);
});

Deno.test("a cancel that is swallowed is noticed: the loop goes on, the outcome says so", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const task = virtual.spawn(function* (): Co<void> {
    for (let round = 0;; round++) {
      try {
        yield* sleep(1);
      } catch {
        log.note("caught"); // a cancel is no error: this does not happen
      } finally {
        // deno-lint-ignore no-unsafe-finally -- this is the mistake
        if (round < 3) continue;
      }
    }
  }, "stubborn");
  virtual.settle();
  task.abort();
  assertEquals([log.line, task.isFinished()], ["", true]);
  virtual.settle();
  assertEquals(virtual.reported.map(([name]) => name), ["stubborn"]);
  const [[, error]] = virtual.reported;
  assert(error instanceof YieldedInCleanup);
  assert(error.message.includes("something swallowed the cancel"), error.message);
});

Deno.test("shielded: dropping it after its body has thrown does nothing", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  virtual.run(function* () {
    using work = shielded(100, () => failing());
    try {
      yield* work;
    } catch {
      log.note("caught");
    }
  });
  assertEquals([log.line, ...left(virtual)], ["caught", ...NOTHING]);
});

Deno.test("shielded: cleanup that is always ready to go on lets others run", () => {
  using virtual = new VirtualRuntime();
  let rounds = 0;
  const task = begun(virtual, function* () {
    try {
      yield* pending();
    } finally {
      yield* shielded(100, function* () {
        while (rounds < 1_000) rounds += yield* ready(1);
      });
    }
  });
  task.abort();
  assert(rounds < 1_000, `${rounds} rounds in one go`);
  virtual.settle();
  assertEquals([rounds, task.isFinished()], [1_000, true]);
});

Deno.test("shielded: without time a cancel cannot limit it; it is dropped, and the outcome says why", () => {
  using virtual = new VirtualRuntime((builder) => builder);
  const log = new Recorder();
  const task = begun(virtual, () => shielded(100, () => waiting(log, "dropped")));
  task.abort();
  assertEquals(log.line, "dropped");
  assertThrows(() => virtual.outcome(task), MissingDriver);
});

Deno.test("shielded: closing twice waits for it twice", async () => {
  const log = new Recorder();
  const runtime = Runtime.builder().enableTime().build();
  runtime.spawn(client(log, ["a", 5])).then(() => {}, () => {});
  await runtime.blockOn(() => yieldNow());
  const closed = [runtime.close(), runtime.close().then(() => log.note("second"))];
  await Promise.all(closed);
  assertEquals(log.line, "a done a left a second");
});
