import { Coroutine, noopWaker, now, pollFn, ready, Runtime, sleep, spawn } from "wakeful/runtime";
import { Context } from "wakeful/runtime";
import { assert, assertEquals } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { Gate } from "../../support/gate.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("Task: a body that is no coroutine is polled with the task as the current one", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(pollFn<number>(() => {
    spawn(ready(0));
    return now();
  }));
  assertEquals(seen, 0);
});

Deno.test("Coroutine: polled by hand, it has a budget at every poll", () => {
  const loop = new FakeLoop();
  const coroutine = new Coroutine(function* () {
    for (let i = 0; i < 1_000; i++) yield* ready(i);
    return "done";
  }());
  let polled: unknown;
  for (let polls = 0; polls < 20 && polled !== "done"; polls++) {
    polled = coroutine.poll(new Context(noopWaker(), loop));
  }
  assertEquals(polled, "done");
});

Deno.test("Runtime: a hook that throws keeps no task from its end, and is reported", () => {
  using virtual = new VirtualRuntime((builder) =>
    builder.enableAll().onTaskEnd(() => {
      throw new RangeError("in the hook");
    })
  );
  let ended = 0;
  const gate = new Gate<string>();
  const task = virtual.runtime.spawn(gate, { onEnd: () => ended++ });
  const joiner = virtual.spawn(task);
  gate.open("value");
  virtual.settle();
  assertEquals([virtual.outcome(joiner), ended], ["value", 1]);
  assert(virtual.reported.some(([, error]) => error instanceof RangeError));
});

Deno.test("spawn: an onEnd that throws is reported, and others go on", () => {
  using virtual = new VirtualRuntime();
  virtual.runtime.spawn(ready(1), {
    onEnd: () => {
      throw new RangeError("in onEnd");
    },
  });
  const other = virtual.spawnSleep(5);
  virtual.advance(5);
  assert(other.isFinished());
  assertEquals(virtual.reported.map(([, error]) => (error as Error).message), ["in onEnd"]);
});

Deno.test("Runtime: awaiting a task that fails at once is asking for its outcome", async () => {
  const reported: string[] = [];
  using runtime = Runtime.builder().enableTime().onUnjoinedError((task) => reported.push(task))
    .build();
  let caught: unknown;
  try {
    await runtime.spawn(function* () {
      throw new RangeError("own");
    });
  } catch (error) {
    caught = error;
  }
  await runtime.blockOn(() => sleep(1));
  assert(caught instanceof RangeError);
  assertEquals(reported, []);
});
