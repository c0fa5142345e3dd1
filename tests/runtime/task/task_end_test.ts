import { Coroutine, type Ended, ready } from "wakeful/runtime";
import { intoFuture, type Spawnable } from "../../../runtime/task/coroutine.ts";
import { Task } from "../../../runtime/task/task.ts";
import { assertEquals, assertStrictEquals } from "../../support/assert.ts";
import { failing, failingInCleanup } from "../../support/bodies.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { joined } from "../../support/joined.ts";
import { thrownBy } from "../../support/recorder.ts";

/** A task, and what its spawner was told of its end. */
function start<T>(body: Spawnable<T>) {
  const loop = new FakeLoop();
  const told: Ended<T>[] = [];
  const onEnd = (ended: Ended<T>) => void told.push(ended);
  return { loop, told, task: new Task(intoFuture(body), loop, { onEnd }) };
}

Deno.test("onEnd: is told the value, once, and the outcome can still be joined", () => {
  const { loop, told, task } = start(ready(7));
  assertEquals(told, []);
  loop.runAll();
  task.abort();
  assertEquals(told, [{ how: "value", value: 7 }]);
  joined(task).assertReady(7);
});

Deno.test("onEnd: is told the error, and then nobody else is", () => {
  const error = new RangeError("own");
  const { loop, told, task } = start(failing(error));
  loop.runAll();
  task.detach();
  assertEquals([told, loop.orphans], [[{ how: "error", error }], []]);
  assertStrictEquals(thrownBy(() => joined(task).poll()), error);
});

Deno.test("onEnd: is told the reason of an abort, also of one before the first poll", () => {
  const { told, task } = start(new Gate());
  task.abort("not needed");
  task.abort("again");
  assertEquals(told, [{ how: "aborted", reason: "not needed" }]);
});

Deno.test("onEnd: is told of an error in cleanup", () => {
  const error = new RangeError("in cleanup");
  const { loop, told, task } = start(new Coroutine(failingInCleanup(error)));
  loop.runAll();
  task.abort();
  assertEquals([told, loop.orphans], [[{ how: "error", error }], []]);
});

Deno.test("onEnd: is called after the task has left its loop", () => {
  const loop = new FakeLoop();
  let alive = -1;
  new Task(ready(1), loop, { onEnd: () => alive = loop.alive.size });
  loop.runAll();
  assertEquals(alive, 0);
});
