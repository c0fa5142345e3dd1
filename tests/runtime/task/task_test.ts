import { Cancelled, Pending, pollFn, ready } from "wakeful/runtime";
import { type SpawnOptions, Task } from "../../../runtime/task/task.ts";
import { intoFuture, type Spawnable } from "../../../runtime/task/coroutine.ts";
import { insideTask } from "../../../runtime/core/context.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertStrictEquals,
  assertThrows,
} from "../../support/assert.ts";
import { failing, failingInCleanup } from "../../support/bodies.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { joined } from "../../support/joined.ts";
import { Recorder, thrownBy } from "../../support/recorder.ts";

/** A task on a loop that the test turns by hand. */
function start<T>(body: Spawnable<T>, options?: SpawnOptions<T>) {
  const loop = new FakeLoop();
  const task = new Task(body, loop, options);
  return { loop, task };
}

Deno.test("Task: is adopted and queued once when it is made, and not yet polled", () => {
  const gate = new Gate();
  const { loop, task } = start(gate);
  assertEquals([loop.alive.has(task), loop.queue.length, gate.polls], [true, 1, 0]);
});

Deno.test("Task: any number of wakes before its turn queue it once", () => {
  const gate = new Gate();
  const { loop, task } = start(gate);
  task.wake();
  loop.runOne();
  for (let i = 0; i < 3; i++) gate.nudge();
  assertEquals(loop.queue.length, 1);
  loop.runOne();
  assertEquals([gate.polls, loop.queue.length, loop.scheduled], [2, 0, 2]);
});

Deno.test("Task: a wake during the poll is not lost, and queues it once", () => {
  let polls = 0;
  const { loop } = start(pollFn((cx) => {
    polls++;
    cx.waker.wakeByRef();
    cx.waker.clone().wake();
    assertEquals(loop.queue.length, 0);
    return polls < 2 ? Pending : polls;
  }));
  loop.runOne();
  assertEquals([polls, loop.queue.length], [1, 1]);
  loop.runAll();
  assertEquals([polls, loop.scheduled], [2, 2]);
});

Deno.test("Task: a wake after its end does nothing", () => {
  const gate = new Gate();
  const { loop, task } = start(gate);
  loop.runOne();
  const late = gate.waker!.clone();
  gate.open();
  loop.runAll();
  late.wakeByRef();
  assertEquals(loop.queue.length, 0);
  late.drop();
  assertEquals(task.wakers, 0);
});

Deno.test("Task: its waker handles are counted, and none is left at its end", () => {
  const gate = new Gate();
  const { loop, task } = start(gate);
  assertEquals(task.wakers, 1);
  loop.runOne();
  assertEquals(task.wakers, 2);
  gate.waker!.clone().wake();
  assertEquals(task.wakers, 2);
  gate.open();
  loop.runAll();
  assertEquals(task.wakers, 0);
});

Deno.test("Task: an aborted one has no waker handles left either", () => {
  const { loop, task } = start(function* () {
    yield* new Gate();
  });
  loop.runOne();
  task.abort();
  assertEquals([task.wakers, loop.alive.size], [0, 0]);
});

Deno.test("Task: the joiner is woken once at the end and then gets the value", () => {
  const gate = new Gate<string>();
  const { loop, task } = start(gate);
  const joiner = joined(task);
  joiner.assertPending();
  joiner.assertPending();
  assertEquals(joiner.kept, 1);
  loop.runOne();
  gate.open("value");
  loop.runAll();
  assertEquals([joiner.wakes, joiner.kept], [1, 0]);
  joiner.assertReady("value");
});

Deno.test("Task: everybody who joins is woken", () => {
  const { loop, task } = start(ready(1));
  const [first, second] = [joined(task), joined(task)];
  first.assertPending();
  second.assertPending();
  loop.runAll();
  assertEquals([first.woken, second.woken, first.kept, second.kept], [true, true, 0, 0]);
});

Deno.test("Task: one that throws ends alone and is an orphan until somebody joins", () => {
  const error = new RangeError("own");
  const { loop, task } = start(failing(error), { name: "bad" });
  const neighbour = new Gate();
  new Task(neighbour, loop);
  loop.runAll();
  assertEquals([neighbour.polls, loop.alive.size], [1, 1]);
  assertEquals(loop.orphans.map((failure) => failure.name), ["bad"]);
  assertEquals(loop.unclaimed, [error]);
  assertThrows(() => joined(task).poll(), RangeError, "own");
  assertEquals(loop.unclaimed, []);
});

Deno.test("Task: the error of one that is being joined is no orphan", () => {
  const { loop, task } = start(failing);
  joined(task).assertPending();
  loop.runAll();
  assertEquals(loop.orphans, []);
});

Deno.test("Task: the error of one that was detached is an orphan", () => {
  const { loop, task } = start(failing);
  const joiner = joined(task);
  joiner.assertPending();
  task.detach();
  assertEquals(joiner.kept, 0);
  loop.runAll();
  assertEquals([loop.unclaimed.length, joiner.woken], [1, false]);
});

Deno.test("Task: an error whose joiner goes away before taking it is an orphan", () => {
  const error = new RangeError("nobody took it");
  const { loop, task } = start(failing(error));
  joined(task).assertPending();
  loop.runAll();
  task.detach();
  assertEquals(loop.unclaimed, [error]);
});

Deno.test("Task: an error that was fetched is no orphan when its handle is dropped later", () => {
  const { loop, task } = start(failing);
  const joiner = joined(task);
  joiner.assertPending();
  loop.runAll();
  assertThrows(() => joiner.poll(), RangeError, "own");
  joiner.drop();
  assertEquals(loop.orphans, []);
});

Deno.test("Task: being cancelled is no error to report", () => {
  const { loop, task } = start(new Gate());
  task.abort("enough");
  assertEquals(loop.orphans, []);
  assertThrows(() => joined(task).poll(), Cancelled, "enough");
});

Deno.test("Task: failing with the cancellation of another is an error to report", () => {
  const { loop } = start(failing(new Cancelled("another task's")));
  loop.runAll();
  assertEquals(loop.unclaimed.length, 1);
});

Deno.test("Task: an error in cleanup becomes the outcome of the abort, and is reported", () => {
  const error = new RangeError("in cleanup");
  const { loop, task } = start(failingInCleanup(error));
  loop.runOne();
  task.abort();
  assertEquals(loop.unclaimed, [error]);
  assertStrictEquals(thrownBy(() => joined(task).poll()), error);
});

Deno.test("Task: cleanup runs with the task as the current one, and may wake it", () => {
  const log = new Recorder();
  const { loop, task } = start(function* () {
    try {
      yield* new Gate();
    } finally {
      task.wake();
      task.abort("again");
      log.note(`inside ${insideTask()}`);
    }
  });
  loop.runOne();
  task.abort("first");
  assert(!insideTask());
  loop.runAll();
  assertEquals([log.line, loop.alive.size], ["inside true", 0]);
  assertThrows(() => joined(task).poll(), Cancelled, "first");
});

Deno.test("Task: the default name is a number of its own", () => {
  const names = [start(new Gate()).task.name, start(new Gate()).task.name];
  assertMatch(names[0], /^task-\d+$/);
  assert(names[0] !== names[1]);
});

Deno.test("Task: each turn begins with a full budget", () => {
  const loop = new FakeLoop();
  const log = new Recorder();
  const spin = (name: string) =>
    function* () {
      for (let i = 1; i <= 200; i++) {
        yield* ready(i);
        if (i === 128 || i === 200) log.note(`${name}${i}`);
      }
    };
  new Task(intoFuture(spin("a")), loop);
  new Task(intoFuture(spin("b")), loop);
  loop.runAll();
  assertEquals(log.line, "a128 b128 a200 b200");
});
