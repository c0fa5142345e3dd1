import { Cancelled, type Co, Pending, pollFn, ready } from "wakeful/runtime";
import { intoFuture } from "../../../runtime/task/coroutine.ts";
import { Task } from "../../../runtime/task/task.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { joined } from "../../support/joined.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { Recorder } from "../../support/recorder.ts";

/** A task whose body gets the task, and a log of what its cleanup did. */
function start<T>(body: (task: () => Task<T>, log: Recorder) => Co<T>) {
  const loop = new FakeLoop();
  const log = new Recorder();
  const task: Task<T> = new Task(() => body(() => task, log), loop);
  return { loop, log, task };
}

function* waitAndClean(_task: unknown, log: Recorder): Co<string> {
  try {
    yield* new Gate();
    return "value";
  } finally {
    log.note("cleaned");
  }
}

Deno.test("abort before the first poll: up to the first await, so that what it holds is given back", () => {
  const gate = new Gate();
  gate.open();
  const { loop, log, task } = start(function* (_task, log) {
    try {
      log.note("has it");
      yield* gate;
      log.note("never");
    } finally {
      log.note("gives it back");
    }
  });
  task.abort("too early");
  assertEquals([task.state.completed, loop.alive.size, gate.polls], [true, 0, 0]);
  loop.runAll();
  assertEquals(log.line, "has it gives it back");
  assertThrows(() => joined(task).poll(), Cancelled, "too early");
});

Deno.test("abort before the first poll: a future is dropped, a body without an await just ends", () => {
  const gate = new Gate();
  const loop = new FakeLoop();
  const task = new Task(() => gate, loop);
  task.abort("too early");
  assertEquals([gate.polls, gate.dropped, task.state.completed], [0, 1, true]);
  const { log, task: short } = start(function* (_task, log) {
    log.note("all of it");
  });
  short.abort("too early");
  assertEquals(log.line, "all of it");
  assertThrows(() => joined(short).poll(), Cancelled, "too early");
});

Deno.test("abort while waiting: finally blocks run before abort returns", () => {
  const { loop, log, task } = start(waitAndClean);
  loop.runAll();
  task.abort("no longer needed");
  assertEquals([log.line, task.state.completed, task.state.cancelled], ["cleaned", true, true]);
  assertThrows(() => joined(task).poll(), Cancelled, "no longer needed");
});

Deno.test("abort while queued: the stale place in the queue does nothing", () => {
  const gate = new Gate();
  const loop = new FakeLoop();
  const task = new Task(gate, loop);
  loop.runOne();
  gate.nudge();
  task.abort();
  assertEquals(loop.queue.length, 1);
  loop.runAll();
  assertEquals([gate.polls, gate.dropped], [1, 1]);
});

Deno.test("abort during its own poll: takes effect when the poll ends, then cleanup runs", () => {
  const { loop, log, task } = start(function* (task, log): Co<void> {
    try {
      task().abort("by itself");
      log.note("still running");
      yield* new Gate();
      log.note("never");
    } finally {
      log.note("cleaned");
    }
  });
  loop.runAll();
  assertEquals(log.line, "still running cleaned");
  assertThrows(() => joined(task).poll(), Cancelled, "by itself");
});

Deno.test("abort during its own poll, woken as well: it is cancelled and not queued", () => {
  const loop = new FakeLoop();
  const task: Task<never> = new Task(
    pollFn<never>((cx) => {
      cx.waker.wakeByRef();
      task.abort();
      return Pending;
    }),
    loop,
  );
  loop.runOne();
  assertEquals([loop.queue.length, task.state.completed], [0, true]);
});

Deno.test("abort during the poll that gives the value: the value stands", () => {
  const { loop, task } = start(function* (task): Co<string> {
    task().abort();
    return yield* ready("value");
  });
  loop.runAll();
  joined(task).assertReady("value");
});

Deno.test("abort after completion: the value stands, and aborting does nothing", () => {
  const loop = new FakeLoop();
  const task = new Task(ready("value"), loop);
  loop.runAll();
  task.abort();
  assert(!task.state.cancelled);
  joined(task).assertReady("value");
});

Deno.test("abort twice: cleanup runs once and the first reason stays", () => {
  const { loop, log, task } = start(waitAndClean);
  loop.runAll();
  task.abort("first");
  task.abort("second");
  assertEquals(log.line, "cleaned");
  assertThrows(() => joined(task).poll(), Cancelled, "first");
});

Deno.test("abort from another task's poll: cleanup runs inside that poll", () => {
  const { loop, log, task } = start(waitAndClean);
  loop.runAll();
  new Task(
    pollFn(() => {
      task.abort();
      log.note("after");
    }),
    loop,
  );
  loop.runAll();
  assertEquals(log.line, "cleaned after");
});

Deno.test("abort from another task's poll: that one keeps its place and its budget", () => {
  const { loop, task: victim } = start(waitAndClean);
  const log = new Recorder();
  loop.runAll();
  new Task(
    intoFuture(function* () {
      for (let i = 0; i < 100; i++) yield* ready(i);
      victim.abort();
      for (let i = 0; i < 100; i++) yield* ready(i);
      log.note("spinner");
    }),
    loop,
  );
  loop.runOne();
  assertEquals([log.line, loop.queue.length], ["", 1]);
});

Deno.test("abort cannot be swallowed: a catch block does not see it", () => {
  const { loop, log, task } = start(function* (_task, log): Co<void> {
    try {
      yield* new Gate();
    } catch {
      log.note("caught");
    }
    log.note("went on");
  });
  loop.runAll();
  task.abort("really");
  assertEquals(log.line, "");
  assertThrows(() => joined(task).poll(), Cancelled, "really");
});
