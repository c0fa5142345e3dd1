import {
  Cancelled,
  Coroutine,
  Misuse,
  OutsideRuntime,
  pending,
  PolledAfterReady,
  race,
  ready,
  shielded,
  sleep,
  TaskTracker,
} from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { failing, failingInCleanup } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

function waitFor(tracker: TaskTracker) {
  return handPoll(new Coroutine(tracker.wait()));
}

/** Waits for ever, and 10 ms more in its cleanup. */
function* slowly() {
  try {
    yield* pending();
  } finally {
    yield* shielded(100, () => sleep(10));
  }
}

Deno.test("TaskTracker: wait ends once it is closed and nothing is left", () => {
  const tracker = new TaskTracker();
  const gate = new Gate();
  const tracked = handPoll(tracker.track(gate));
  const wait = waitFor(tracker);
  wait.assertPending();
  tracker.close();
  wait.assertPending();
  assertEquals([tracker.size, tracker.isClosed], [1, true]);
  tracked.assertPending();
  gate.open();
  tracked.assertReady(undefined);
  assert(wait.woken);
  wait.assertReady(undefined);
  assertEquals([tracker.size, wait.kept], [0, 0]);
});

Deno.test("TaskTracker: as long as it is open, empty is not the end; closing ends the wait", () => {
  const tracker = new TaskTracker();
  const wait = waitFor(tracker);
  handPoll(tracker.track(ready(1))).assertReady(1);
  wait.assertPending();
  tracker.close();
  assert(wait.woken);
  wait.assertReady(undefined);
});

Deno.test("TaskTracker: after close those in flight may add more, which are waited for, too", () => {
  const tracker = new TaskTracker();
  const first = handPoll(tracker.track(ready(1)));
  tracker.close();
  const second = handPoll(tracker.track(ready(2)));
  const wait = waitFor(tracker);
  first.assertReady(1);
  wait.assertPending();
  second.assertReady(2);
  wait.assertReady(undefined);
});

Deno.test("TaskTracker: everyone who waits is told, and a dropped wait holds nothing", () => {
  const tracker = new TaskTracker();
  const waits = [waitFor(tracker), waitFor(tracker), waitFor(tracker)];
  for (const wait of waits) wait.assertPending();
  waits[0].drop();
  tracker.close();
  assertEquals(waits.map((wait) => wait.woken), [false, true, true]);
  assertEquals(waits[0].kept, 0);
});

Deno.test("TaskTracker: a tracked future counts until it is ready, has thrown, or is dropped", () => {
  const tracker = new TaskTracker();
  const [value, error, begun, fresh] = [
    tracker.track(ready(1)),
    tracker.track(() => failing()),
    tracker.track(new Gate()),
    tracker.track(new Gate()),
  ].map((future) => handPoll<unknown>(future));
  assertEquals(tracker.size, 4);
  value.take();
  assertEquals(tracker.size, 3);
  assertThrows(() => error.poll(), RangeError, "own");
  assertEquals(tracker.size, 2);
  begun.assertPending();
  for (const future of [begun, fresh, begun, fresh, value, error]) future.drop();
  assertEquals(tracker.size, 0);
  assertThrows(() => value.poll(), PolledAfterReady, "tracked");
});

Deno.test("TaskTracker: one whose cleanup throws counts no more", () => {
  const tracker = new TaskTracker();
  const tracked = handPoll(tracker.track(() => failingInCleanup()));
  tracked.assertPending();
  assertThrows(() => tracked.drop(), RangeError, "in cleanup");
  assertEquals(tracker.size, 0);
});

Deno.test("TaskTracker: what could not be made or started does not count", () => {
  const tracker = new TaskTracker();
  const gate = new Gate();
  assertThrows(() => tracker.track(Promise.resolve() as never), TypeError);
  assertThrows(() =>
    tracker.track(() => {
      throw new Misuse("own");
    }), Misuse);
  assertThrows(() => tracker.spawn(gate), OutsideRuntime);
  assertEquals([tracker.size, gate.dropped], [0, 1]);
  tracker.abortAll();
});

Deno.test("TaskTracker: tasks count until they have ended; an error that nobody joins is reported", () => {
  using virtual = new VirtualRuntime();
  const tracker = new TaskTracker();
  virtual.run(function* () {
    tracker.spawn(() => sleep(5));
    tracker.spawn(() => failing(), { name: "failing" });
    assertEquals(tracker.size, 2);
    tracker.close();
    yield* tracker.wait();
  });
  virtual.settle();
  assertEquals([virtual.clock.time, virtual.reported.map(([name]) => name)], [5, ["failing"]]);
});

Deno.test("TaskTracker: a task that is aborted before it begins counts no more", () => {
  using virtual = new VirtualRuntime();
  const tracker = new TaskTracker();
  virtual.run(function* () {
    tracker.spawn(pending()).abort();
    tracker.spawn(() => pending()).abort();
    assertEquals(tracker.size, 0);
  });
});

Deno.test("TaskTracker: abortAll aborts the tasks, with its reason, and leaves tracked futures alone", () => {
  using virtual = new VirtualRuntime();
  const tracker = new TaskTracker();
  const gate = new Gate();
  const tracked = tracker.track(gate);
  const error = virtual.run(function* () {
    const task = tracker.spawn(pending());
    tracker.abortAll("enough");
    try {
      yield* task;
    } catch (error) {
      return error;
    }
  });
  assert(error instanceof Cancelled);
  assertEquals([error.reason, tracker.size, gate.dropped], ["enough", 1, 0]);
  tracked.drop();
});

Deno.test("TaskTracker: an aborted task counts until what it shields has ended", () => {
  using virtual = new VirtualRuntime();
  const tracker = new TaskTracker();
  virtual.run(function* () {
    tracker.spawn(slowly);
    yield* sleep(1);
    tracker.abortAll();
    tracker.close();
    assertEquals(tracker.size, 1);
    yield* tracker.wait();
  });
  assertEquals([virtual.clock.time, tracker.size, virtual.reported], [11, 0, []]);
});

Deno.test("TaskTracker: a tracked future that lost a race counts until what it shields has ended", () => {
  using virtual = new VirtualRuntime();
  const tracker = new TaskTracker();
  virtual.run(function* () {
    yield* race<unknown>(tracker.track(slowly), sleep(1));
    assertEquals(tracker.size, 1);
    tracker.close();
    yield* tracker.wait();
  });
  assertEquals([virtual.clock.time, tracker.size], [11, 0]);
});

Deno.test("TaskTracker: a shutdown of the runtime cuts that short, and it counts no more", () => {
  const virtual = new VirtualRuntime();
  const tracker = new TaskTracker();
  virtual.spawn(function* () {
    tracker.spawn(slowly);
    tracker.spawn(slowly);
    yield* sleep(1);
    tracker.abortAll();
  });
  virtual.advance(1);
  assertEquals(tracker.size, 2);
  virtual.runtime.shutdown();
  assertEquals(tracker.size, 0);
});
