import {
  Cancelled,
  type Co,
  End,
  type JoinHandle,
  JoinSet,
  OutsideRuntime,
  Pending,
  pending,
  PolledAfterReady,
  race,
  ready,
  shielded,
  sleep,
  spawn,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup, waiting } from "../../support/bodies.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { Recorder } from "../../support/recorder.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** A set whose tasks run on a loop by hand. */
function onLoop<T>() {
  const loop = new FakeLoop();
  const set = new JoinSet<T>();
  const add = (body: () => Co<T> | Gate<T>, name?: string): JoinHandle<T> =>
    loop.inside(() => set.spawn(body, { name }));
  return { loop, set, add, next: () => handPoll(set.joinNext(), loop) };
}

function* slowly(log: Recorder, name: string): Co<void> {
  try {
    yield* pending();
  } finally {
    yield* shielded(100, () => sleep(10));
    log.note(name);
  }
}

Deno.test("JoinSet: tasks are joined in the order in which they end, then comes End", () => {
  const { loop, set, add, next } = onLoop<string>();
  const gates = [new Gate<string>(), new Gate<string>()];
  for (const gate of gates) add(() => gate);
  loop.runAll();
  const first = next();
  first.assertPending();
  gates[1].open("b");
  loop.runAll();
  assert(first.woken);
  gates[0].open("a");
  loop.runAll();
  assertEquals(set.size, 2);
  first.assertReady("b");
  next().assertReady("a");
  next().assertReady(End);
  assertEquals([set.size, first.kept], [0, 0]);
});

Deno.test("JoinSet: after End more may be spawned", () => {
  const { loop, add, next } = onLoop<number>();
  next().assertReady(End);
  add(() => handed(1));
  loop.runAll();
  next().assertReady(1);
});

function* handed<T>(value: T): Co<T> {
  return value;
}

Deno.test("JoinSet: joinNext throws what the task threw, and the others go on", () => {
  const { loop, set, add, next } = onLoop<number>();
  add(() => failing());
  const gate = new Gate<number>();
  add(() => gate);
  loop.runAll();
  assertThrows(() => next().poll(), RangeError, "own");
  assertEquals([set.size, gate.dropped, loop.unclaimed], [1, 0, []]);
  gate.open(1);
  loop.runAll();
  next().assertReady(1);
});

Deno.test("JoinSet: joinNextOutcome tells name and outcome, and never throws", () => {
  const { loop, set, add } = onLoop<number>();
  const error = new RangeError("own");
  add(() => handed(1), "a");
  add(() => failing(error), "b");
  add(() => new Gate(), "c").abort("enough");
  loop.runAll();
  const outcomes = [1, 2, 3].map(() => handPoll(set.joinNextOutcome()).take());
  assertEquals(outcomes, [
    { how: "aborted", reason: "enough", name: "c" },
    { how: "value", value: 1, name: "a" },
    { how: "error", error, name: "b" },
  ]);
  handPoll(set.joinNextOutcome()).assertReady(End);
});

Deno.test("JoinSet: tryJoinNext takes an outcome that is there, tells End from running", () => {
  const { loop, set, add } = onLoop<number>();
  assertEquals(set.tryJoinNext(), End);
  add(() => handed(1), "one");
  assertEquals(set.tryJoinNext(), Pending);
  loop.runAll();
  assertEquals(set.tryJoinNext(), { how: "value", value: 1, name: "one" });
  assertEquals(set.tryJoinNext(), End);
});

Deno.test("JoinSet: a dropped wait takes no outcome and keeps no waker", () => {
  const { loop, add, next } = onLoop<number>();
  const gate = new Gate<number>();
  add(() => gate);
  loop.runAll();
  const given = next();
  given.assertPending();
  given.drop();
  assertEquals(given.kept, 0);
  const ended = next();
  ended.assertPending();
  gate.open(7);
  loop.runAll();
  ended.drop();
  next().assertReady(7);
});

Deno.test("JoinSet: a wait that has given its outcome is spent", () => {
  const { loop, add, next, set } = onLoop<number>();
  add(() => handed(1));
  add(() => handed(2));
  loop.runAll();
  const first = next();
  first.assertReady(1);
  assertThrows(() => first.poll(), PolledAfterReady, "joinNext()");
  next().assertReady(2);
  const end = handPoll(set.shutdown());
  end.assertReady(undefined);
  assertThrows(() => end.poll(), PolledAfterReady, "shutdown()");
});

Deno.test("JoinSet: a handle may be joined besides", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    const set = new JoinSet<number>();
    const handle = set.spawn(ready(7));
    return [yield* handle, yield* set.joinNext(), yield* set.joinNext()];
  });
  assertEquals(seen, [7, 7, End]);
});

Deno.test("JoinSet: a task's own onEnd is told as well", () => {
  const { loop, set } = onLoop<number>();
  const seen: unknown[] = [];
  loop.inside(() => set.spawn(ready(1), { onEnd: (ended) => seen.push(ended) }));
  loop.runAll();
  assertEquals(seen, [{ how: "value", value: 1 }]);
});

Deno.test("JoinSet: outside a task nothing is spawned, and nothing counted", () => {
  const set = new JoinSet<number>();
  assertThrows(() => set.spawn(ready(1)), OutsideRuntime);
  assertEquals(set.size, 0);
});

Deno.test("JoinSet: abortAll aborts every task; their outcomes are joined as those of any other", () => {
  const { loop, set, add, next } = onLoop<void>();
  const log = new Recorder();
  add(() => waiting(log, "a"));
  add(() => waiting(log, "b"));
  loop.runAll();
  set.abortAll("enough");
  assertEquals([log.line, set.size], ["a b", 2]);
  for (const _ of [1, 2]) assertThrows(() => next().poll(), Cancelled, "enough");
  next().assertReady(End);
});

Deno.test("JoinSet: shutdown waits for what is shielded, and throws the outcomes away", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  const ended = virtual.run(function* () {
    const set = new JoinSet<void>();
    set.spawn(() => slowly(log, "a"));
    set.spawn(() => slowly(log, "b"));
    yield* sleep(1);
    yield* set.shutdown();
    return [set.size, yield* set.joinNext()];
  });
  assertEquals([ended, log.line, virtual.clock.time], [[0, End], "a b", 11]);
  assertEquals(virtual.reported, []);
});

Deno.test("JoinSet: shutdown reports the errors, those of before and those of cleanup", () => {
  using virtual = new VirtualRuntime();
  virtual.run(function* () {
    const set = new JoinSet<void>();
    set.spawn(() => failing(), { name: "before" });
    set.spawn(() => failingInCleanup(), { name: "in cleanup" });
    yield* sleep(1);
    yield* set.shutdown();
  });
  virtual.settle();
  assertEquals(virtual.reported.map(([name]) => name), ["before", "in cleanup"]);
});

Deno.test("JoinSet: a shutdown that is dropped can be asked for again", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  virtual.run(function* () {
    const set = new JoinSet<void>();
    set.spawn(() => slowly(log, "a"));
    yield* sleep(1);
    yield* race(set.shutdown(), sleep(2));
    log.note("again");
    yield* set.shutdown();
  });
  assertEquals([log.line, virtual.clock.time], ["again a", 11]);
});

Deno.test("JoinSet: dropping it aborts what is left, and reports the errors that nobody joined", () => {
  const { loop, set, add } = onLoop<void>();
  const log = new Recorder();
  add(() => failing(new RangeError("before")));
  add(() => waiting(log, "left"));
  add(() => failingInCleanup(new RangeError("after")));
  loop.runAll();
  set.drop();
  set.drop();
  assertEquals([log.line, set.size, loop.alive.size], ["left", 0, 0]);
  assertEquals(loop.unclaimed.map((error) => (error as Error).message), ["before", "after"]);
});

Deno.test("JoinSet: detachAll lets the tasks run on; their values are gone, their errors reported", () => {
  const { loop, set, add, next } = onLoop<void>();
  const gates = [new Gate(), new Gate()];
  add(() => failing(new RangeError("before")));
  add(() => gates[0]);
  add(function* () {
    yield* gates[1];
    yield* failing(new RangeError("after"));
  });
  loop.runAll();
  set.detachAll();
  next().assertReady(End);
  for (const gate of gates) gate.open();
  loop.runAll();
  next().assertReady(End);
  assertEquals([gates[0].dropped, loop.alive.size], [0, 0]);
  assertEquals(loop.unclaimed.map((error) => (error as Error).message), ["before", "after"]);
});

for (const act of ["detachAll", "drop"] as const) {
  Deno.test(`JoinSet: ${act} ends the wait for a task of the set`, () => {
    const { loop, set, add, next } = onLoop<void>();
    add(() => new Gate());
    loop.runAll();
    const waits = next();
    waits.assertPending();
    set[act]();
    assert(waits.woken);
    waits.assertReady(End);
    assertEquals(waits.kept, 0);
  });
}

Deno.test("JoinSet: a task may drop its own set; it ends with its poll", () => {
  using virtual = new VirtualRuntime();
  const log = new Recorder();
  virtual.run(function* () {
    const set = new JoinSet<void>();
    set.spawn(() => waiting(log, "other"));
    set.spawn(function* () {
      try {
        yield* sleep(1);
        set.drop();
        log.note("still here");
        yield* pending();
      } finally {
        log.note("own");
      }
    });
    yield* sleep(2);
  });
  assertEquals([log.line, virtual.runtime.statistics().tasks], ["other still here own", 0]);
});

Deno.test("JoinSet: tasks that end while nobody waits are joined later, a task may add to its set", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    using set = new JoinSet<number>();
    set.spawn(function* () {
      set.spawn(ready(2));
      return 1;
    });
    yield* spawn(() => sleep(5));
    return [yield* set.joinNext(), yield* set.joinNext(), yield* set.joinNext()];
  });
  assertEquals(seen, [1, 2, End]);
});
