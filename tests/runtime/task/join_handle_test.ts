import { AbortOnDropHandle, Cancelled, JoinHandle, PolledAfterReady, ready } from "wakeful/runtime";
import { Task } from "../../../runtime/task/task.ts";
import { intoFuture, type Spawnable } from "../../../runtime/task/coroutine.ts";
import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertThrows,
} from "../../support/assert.ts";
import { failing, failingInCleanup } from "../../support/bodies.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** A handle to a task on a loop that the test turns by hand. */
function start<T>(body: Spawnable<T>) {
  const loop = new FakeLoop();
  const handle = new JoinHandle(new Task(intoFuture(body), loop, { name: "child" }));
  return { loop, handle, joined: handPoll(handle, loop) };
}

Deno.test("JoinHandle: of two tasks that join one handle, the later learns that it is too late", () => {
  using virtual = new VirtualRuntime();
  const gate = new Gate<string>();
  const handle = virtual.spawn(gate);
  const joins = [1, 2].map(() =>
    virtual.spawn(function* () {
      return yield* handle;
    })
  );
  virtual.settle();
  gate.open("value");
  virtual.settle();
  assertEquals(virtual.outcome(joins[0]), "value");
  assertThrows(() => virtual.outcome(joins[1]), PolledAfterReady, "a join handle");
});

Deno.test("JoinHandle: pending, then woken by the end, then the value, then an error", () => {
  const gate = new Gate<string>();
  const { loop, handle, joined } = start(gate);
  joined.assertPending();
  loop.runAll();
  assertFalse(joined.woken || handle.isFinished());
  gate.open("value");
  loop.runAll();
  assert(joined.woken && handle.isFinished());
  joined.assertReady("value");
  assertThrows(() => joined.poll(), PolledAfterReady, "a join handle");
});

Deno.test("JoinHandle: throws what the task threw", () => {
  const { loop, joined } = start(failing);
  loop.runAll();
  assertThrows(() => joined.poll(), RangeError, "own");
  assertEquals(loop.unclaimed, []);
});

Deno.test("JoinHandle: abort ends the task with its reason; the joiner is woken", () => {
  const { loop, handle, joined } = start(new Gate());
  joined.assertPending();
  loop.runAll();
  handle.abort("the client left");
  assert(joined.woken && handle.isFinished());
  assertThrows(() => joined.poll(), Cancelled, "the client left");
});

Deno.test("JoinHandle: shows the task's name", () => {
  assertEquals(start(ready(1)).handle.name, "child");
});

Deno.test("JoinHandle: dropping it detaches: the task runs on and nobody is woken", () => {
  const gate = new Gate();
  const { loop, handle, joined } = start(gate);
  joined.assertPending();
  handle.drop();
  assertEquals(joined.kept, 0);
  loop.runAll();
  gate.open();
  loop.runAll();
  assertEquals([joined.woken, handle.isFinished(), gate.dropped], [false, true, 0]);
});

Deno.test("JoinHandle: awaited by async code, before and after the end, twice", async () => {
  const gate = new Gate<string>();
  const { loop, handle } = start(gate);
  const early = Promise.all([handle, handle]);
  loop.runAll();
  gate.open("value");
  loop.runAll();
  assertEquals(await early, ["value", "value"]);
  assertEquals(await handle, "value");
});

Deno.test("JoinHandle: awaited by async code, it rejects as the task did, every time", async () => {
  const { loop, handle } = start(failing);
  loop.runAll();
  await assertRejects(() => handle, RangeError, "own");
  await assertRejects(() => handle, RangeError, "own");
  assertEquals(loop.unclaimed, []);
});

Deno.test("JoinHandle: awaiting an aborted task rejects with the reason", async () => {
  const { handle } = start(new Gate());
  const awaited = assertRejects(() => handle, Cancelled, "enough");
  handle.abort("enough");
  await awaited;
});

Deno.test("JoinHandle: then maps values and errors as a promise does", async () => {
  const { loop, handle } = start(ready(20));
  loop.runAll();
  assertEquals(await handle.then((n) => n + 1), 21);
  const bad = start(failing);
  bad.loop.runAll();
  assertEquals(await bad.handle.then(null, (error) => (error as Error).message), "own");
});

Deno.test("JoinHandle: joined by a task and awaited by async code, both hear of the end", async () => {
  const gate = new Gate<string>();
  const { loop, handle, joined } = start(gate);
  let heard: unknown = "nothing";
  handle.then((value) => heard = value, (error) => heard = error);
  joined.assertPending();
  loop.runAll();
  gate.open("value");
  loop.runAll();
  assert(joined.woken);
  joined.poll();
  await Promise.resolve();
  assert(heard !== "nothing", "the promise never settles");
});

Deno.test("AbortOnDropHandle: dropping it aborts the task, whose cleanup runs at once", () => {
  const gate = new Gate();
  const { loop, handle } = start(gate);
  loop.runAll();
  const owner = handle.abortOnDrop();
  assertFalse(owner.isFinished());
  owner.drop();
  assertEquals([gate.dropped, owner.isFinished()], [1, true]);
  assertThrows(() => handPoll(handle, loop).poll(), Cancelled, "its handle was dropped");
});

Deno.test("AbortOnDropHandle: joins as the handle does; dropping it afterwards does nothing", () => {
  const gate = new Gate<number>();
  const { loop, handle } = start(gate);
  const owner = handPoll(new AbortOnDropHandle(handle), loop);
  owner.assertPending();
  loop.runAll();
  gate.open(5);
  loop.runAll();
  assert(owner.woken);
  owner.assertReady(5);
  owner.drop();
  assertThrows(() => owner.poll(), PolledAfterReady);
});

Deno.test("AbortOnDropHandle: an error in the cleanup that dropping starts is an orphan", () => {
  const { loop, handle } = start(failingInCleanup);
  const owner = handPoll(handle.abortOnDrop(), loop);
  owner.assertPending();
  loop.runAll();
  owner.drop();
  assertEquals(loop.unclaimed.length, 1);
});
