import {
  BlockedInsideTask,
  blockOnSync,
  Misuse,
  Parker,
  Pending,
  pollFn,
  ready,
  sleep,
  spawn,
  TimedOut,
  yieldNow,
} from "wakeful/runtime";
import { insideTask } from "../../../runtime/core/context.ts";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { failing } from "../../support/bodies.ts";
import { Gate } from "../../support/gate.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

Deno.test("blockOnSync: answers what the body gives, and throws what it throws", () => {
  assertEquals(blockOnSync(ready(1)), 1);
  assertThrows(() => blockOnSync(failing), RangeError, "own");
  assertFalse(insideTask());
});

Deno.test("blockOnSync: a future that wakes while it is polled is polled again", () => {
  const polls = blockOnSync(function* () {
    let polls = 1;
    for (; polls < 5; polls++) yield* yieldNow();
    return polls;
  });
  assertEquals(polls, 5);
});

Deno.test("blockOnSync: a body that is always ready outlasts any budget", () => {
  const sum = blockOnSync(function* () {
    let sum = 0;
    for (let i = 0; i < 1000; i++) sum += yield* ready(1);
    return sum;
  });
  assertEquals(sum, 1000);
});

Deno.test("blockOnSync: parked for longer than the limit it drops the body and says so", () => {
  const gate = new Gate();
  assertThrows(() => blockOnSync(gate, { limit: 5 }), TimedOut, "5 ms");
  assertEquals([gate.polls, gate.dropped], [1, 1]);
});

Deno.test("blockOnSync: the parker it is given is what wakes it", () => {
  const parker = new Parker();
  parker.unpark();
  const gate = new Gate();
  assertThrows(() => blockOnSync(gate, { limit: 0, parker }), TimedOut);
  assertEquals(gate.polls, 2);
});

Deno.test("blockOnSync: inside a task it is an error", () => {
  using virtual = new VirtualRuntime();
  virtual.run(function* () {
    assertThrows(() => blockOnSync(ready(1)), BlockedInsideTask, "blockOnSync()");
  });
});

Deno.test("blockOnSync: there is no time, no I/O and nothing to spawn on", () => {
  blockOnSync(function* () {
    assertThrows(() => sleep(1), Misuse, "parked thread");
    assertThrows(() => spawn(ready(1)), Misuse, "parked thread");
    yield* pollFn((cx) => void assertThrows(() => cx.loop.io, Misuse, "parked thread"));
  });
});

Deno.test("blockOnSync: another thread ends the rest through the shared buffer", async () => {
  const worker = new Worker(new URL("../../support/unpark_worker.ts", import.meta.url), {
    type: "module",
  });
  await new Promise((resolve) => worker.onmessage = resolve);
  const parker = new Parker();
  const answer = new Int32Array(new SharedArrayBuffer(4));
  let polls = 0;
  const seen = blockOnSync(
    pollFn(() => {
      if (polls++ === 0) worker.postMessage({ answer: answer.buffer, parker: parker.buffer });
      return Atomics.load(answer, 0) || Pending;
    }),
    { parker, limit: 10_000 },
  );
  worker.terminate();
  assertEquals(seen, 42);
  assert(polls <= 2);
});
