import {
  type Actor,
  actor,
  type ChildSpec,
  RestartLimit,
  sleep,
  supervise,
  type SupervisorEvent,
  yieldNow,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { Nursery } from "../../support/nursery.ts";
import { thrownBy } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

const NOTHING = { tasks: 0, timers: 0, registrations: 0 };

Deno.test("supervise: starts its children in order, and ends when none is left", () => {
  using nursery = new Nursery();
  const task = nursery.supervise([
    nursery.child("a", "transient"),
    nursery.child("b", "temporary"),
  ]);
  assertEquals(nursery.news, "a started, b started, a runs, b runs");
  nursery.finish("a");
  assert(!task.isFinished());
  nursery.fail("b");
  assertEquals(nursery.news, "a finished, b failed");
  assertEquals(nursery.virtual.outcome(task), undefined);
  assertEquals(nursery.virtual.runtime.statistics(), NOTHING);
});

Deno.test("supervise: without children it is done", () => {
  using nursery = new Nursery();
  assert(nursery.supervise([]).isFinished());
});

const KINDS = [
  ["permanent", "fail", true],
  ["permanent", "finish", true],
  ["transient", "fail", true],
  ["transient", "finish", false],
  ["temporary", "fail", false],
  ["temporary", "finish", false],
] as const;

for (const [kind, act, restarted] of KINDS) {
  Deno.test(`supervise: a ${kind} child, told to ${act}, is ${restarted ? "" : "not "}restarted`, () => {
    using nursery = new Nursery();
    const task = nursery.supervise([nursery.child("a", kind)]);
    nursery[act]("a");
    assertEquals(nursery.news.includes("restarted"), restarted);
    assertEquals(task.isFinished(), !restarted);
  });
}

Deno.test("supervise: one-for-one restarts the one that crashed", () => {
  using nursery = new Nursery();
  nursery.supervise(["a", "b", "c"].map((name) => nursery.child(name)));
  nursery.news;
  nursery.fail("b");
  assertEquals(nursery.news, "b failed, b restarted for b, b runs");
});

Deno.test("supervise: one-for-all stops the others in reverse order, and starts all", () => {
  using nursery = new Nursery();
  nursery.supervise(["a", "b", "c"].map((name) => nursery.child(name)), {
    strategy: "one-for-all",
  });
  nursery.news;
  nursery.fail("b");
  assertEquals(
    nursery.news,
    "b failed, c stopped, a stopped, " +
      "a restarted for b, b restarted for b, c restarted for b, a runs, b runs, c runs",
  );
});

Deno.test("supervise: rest-for-one takes those with it that come later", () => {
  using nursery = new Nursery();
  nursery.supervise(["a", "b", "c", "d"].map((name) => nursery.child(name)), {
    strategy: "rest-for-one",
  });
  nursery.news;
  nursery.fail("b");
  assertEquals(
    nursery.news,
    "b failed, d stopped, c stopped, " +
      "b restarted for b, c restarted for b, d restarted for b, b runs, c runs, d runs",
  );
});

Deno.test("supervise: who had finished, or is temporary, is not started with the others", () => {
  using nursery = new Nursery();
  nursery.supervise([
    nursery.child("done", "transient"),
    nursery.child("once", "temporary"),
    nursery.child("a"),
  ], { strategy: "one-for-all" });
  nursery.finish("done");
  nursery.news;
  nursery.fail("a");
  assertEquals(nursery.news, "a failed, once stopped, a restarted for a, a runs");
});

Deno.test("supervise: two that crash in the same turn are restarted once", () => {
  using nursery = new Nursery();
  const task = nursery.supervise([nursery.child("a"), nursery.child("b")], {
    strategy: "one-for-all",
    maxRestarts: 1,
  });
  nursery.news;
  nursery.fail("a", "b");
  assertEquals(
    nursery.news,
    "a failed, b failed, a restarted for a, b restarted for a, a runs, b runs",
  );
  assert(!task.isFinished());
});

Deno.test("supervise: five restarts within a minute are allowed, the sixth crash is too many", () => {
  using nursery = new Nursery();
  const task = nursery.supervise([nursery.child("first"), nursery.child("a")]);
  for (let crash = 1; crash <= 5; crash++) nursery.fail("a");
  assert(!task.isFinished());
  nursery.news;
  nursery.fail("a");
  assertEquals(nursery.news, "a failed, gave up, first stopped");
  const limit = thrownBy(() => nursery.virtual.outcome(task)) as RestartLimit;
  assert(limit instanceof RestartLimit);
  assertEquals(limit.history.map(({ child }) => child), ["a", "a", "a", "a", "a", "a"]);
  assertEquals(String(limit.cause), "RangeError: a");
});

Deno.test("supervise: restarts are forgotten after a minute", () => {
  using nursery = new Nursery();
  const task = nursery.supervise([nursery.child("a")]);
  for (let crash = 1; crash <= 20; crash++) {
    nursery.fail("a");
    nursery.virtual.advance(12_001);
  }
  assert(!task.isFinished());
});

Deno.test("supervise: the restart of a group counts once", () => {
  using nursery = new Nursery();
  const task = nursery.supervise(["a", "b", "c"].map((name) => nursery.child(name)), {
    strategy: "one-for-all",
    maxRestarts: 2,
  });
  nursery.fail("a");
  nursery.fail("c");
  assert(!task.isFinished());
  nursery.fail("b");
  assert(task.isFinished());
});

Deno.test("supervise: a back-off delays the restart, grows, and keeps nobody else waiting", () => {
  using nursery = new Nursery();
  nursery.supervise([nursery.child("a"), nursery.child("b")], {
    backOff: (recent) => 100 * recent,
  });
  nursery.news;
  nursery.fail("a");
  nursery.fail("b");
  assertEquals(nursery.news, "a failed, a restarted for a, b failed, b restarted for b");
  nursery.virtual.advance(100);
  assertEquals(nursery.news, "a runs");
  nursery.virtual.advance(99);
  assertEquals(nursery.news, "");
  nursery.virtual.advance(1);
  assertEquals(nursery.news, "b runs");
});

Deno.test("supervise: after a back-off a group starts in its order", () => {
  using nursery = new Nursery();
  nursery.supervise(["a", "b", "c"].map((name) => nursery.child(name)), {
    strategy: "one-for-all",
    backOff: () => 1_000,
  });
  nursery.fail("c");
  nursery.news;
  nursery.virtual.advance(1_000);
  assertEquals(nursery.news, "a runs, b runs, c runs");
});

Deno.test("supervise: without a hook, the errors of children are reported", () => {
  using nursery = new Nursery();
  nursery.supervise([nursery.child("a")], { onEvent: undefined });
  nursery.fail("a");
  const reported = nursery.virtual.reported.map(([name, error]) => [name, String(error)]);
  assertEquals(reported, [["a", "RangeError: a"]]);
});

Deno.test("supervise: a hook that throws ends it, children included", () => {
  using nursery = new Nursery();
  const onEvent = ({ what }: SupervisorEvent) => {
    if (what === "failed") throw new TypeError("the hook");
  };
  const task = nursery.supervise([nursery.child("a"), nursery.child("b")], { onEvent });
  nursery.fail("a");
  assertThrows(() => nursery.virtual.outcome(task), TypeError, "the hook");
  assertEquals(nursery.virtual.runtime.statistics(), NOTHING);
});

Deno.test("supervise: an actor is restarted by the child that owns it", () => {
  using virtual = new VirtualRuntime();
  let counter: Actor<{ count(): number }> | undefined;
  const child: ChildSpec = {
    name: "counter",
    *start() {
      let count = 0;
      using owned = actor({
        count(): number {
          if (++count === 3) throw new RangeError("worn out");
          return count;
        },
      }, { isFatal: () => true });
      counter = owned;
      yield* owned.ended();
    },
  };
  const task = virtual.spawn(() => supervise([child], { onEvent() {} }));
  const seen: unknown[] = [];
  virtual.run(function* () {
    yield* yieldNow();
    for (let turn = 0; turn < 5; turn++) {
      try {
        seen.push(yield* counter!.ask("count"));
      } catch (error) {
        seen.push(String(error));
        yield* sleep(1);
      }
    }
  });
  assertEquals(seen, [1, 2, "RangeError: worn out", 1, 2]);
  task.abort();
});

Deno.test("supervise: dropped before its first poll it has started nothing", () => {
  using nursery = new Nursery();
  supervise([nursery.child("a")]).drop();
  assertEquals(nursery.virtual.runtime.statistics(), NOTHING);
});

Deno.test("supervise: names that are not unique, and bad numbers, are refused at once", () => {
  using nursery = new Nursery();
  const twice = [nursery.child("a"), nursery.child("a")];
  assertThrows(() => supervise(twice), TypeError, 'got "a" twice');
  assertThrows(() => supervise([], { maxRestarts: -1 }), RangeError);
  assertThrows(() => supervise([], { within: 0 }), RangeError);
});
