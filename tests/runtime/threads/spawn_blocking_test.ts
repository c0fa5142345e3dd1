import {
  blockOn,
  CancellationToken,
  Cancelled,
  Closed,
  OutsideRuntime,
  portable,
  Runtime,
  sleep,
  spawnBlocking,
} from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../../support/assert.ts";
import * as there from "../../support/portable_functions.ts";

const MODULE = new URL("../../support/portable_functions.ts", import.meta.url).href;
const add = portable(MODULE, there.add);

Deno.test("spawnBlocking: a task waits for a function on another thread while others run", async () => {
  const seen: string[] = [];
  await blockOn(function* () {
    const words = new Int32Array(new SharedArrayBuffer(8));
    const blocking = spawnBlocking(there.spinUntil, [words.buffer]);
    while (Atomics.load(words, 0) === 0) yield* sleep(1);
    seen.push("this thread lives");
    Atomics.store(words, 1, 1);
    seen.push(yield* blocking);
  });
  assertEquals(seen, ["this thread lives", "let go"]);
});

Deno.test("spawnBlocking: outside of a task it is an error, on the runtime it is not", async () => {
  assertThrows(() => spawnBlocking(add, [1, 2]), OutsideRuntime);
  await using runtime = Runtime.builder().build();
  assertEquals(await runtime.spawnBlocking(add, [1, 2]), 3);
});

Deno.test("spawnBlocking: a token that is cancelled already keeps the task from beginning", async () => {
  await blockOn(function* () {
    const token = new CancellationToken();
    token.cancel("never mind");
    const words = new SharedArrayBuffer(8);
    try {
      yield* spawnBlocking(there.spinUntil, [words], { token });
      throw new Error("it ran");
    } catch (error) {
      assert(error instanceof Cancelled);
    }
    assertEquals(new Int32Array(words)[0], 0);
  });
});

Deno.test("spawnBlocking: code that ignores its token is ended after the grace, and that is said", async () => {
  await using runtime = Runtime.builder().enableTime().blockingPool({ threads: 1, grace: 10 })
    .build();
  const error = await runtime.blockOn(function* () {
    const token = new CancellationToken();
    const words = new Int32Array(new SharedArrayBuffer(8));
    const task = spawnBlocking(there.spinUntil, [words.buffer], { token });
    while (Atomics.load(words, 0) === 0) yield* sleep(1);
    token.cancel("too slow");
    try {
      return yield* task;
    } catch (error) {
      return error;
    }
  });
  assert(error instanceof Cancelled);
  assertStringIncludes(error.reason, "too slow; its code did not heed that");
  assertStringIncludes(error.reason, "10 ms");
});

Deno.test("spawnBlocking: a task that has ended lets go of its token", async () => {
  await blockOn(function* () {
    const token = new CancellationToken();
    assertEquals(yield* spawnBlocking(add, [1, 2], { token }), 3);
    assertEquals(token.waiting, 0);
  });
});

Deno.test("spawnBlocking: a runtime that was shut down has no threads any more", async () => {
  const runtime = Runtime.builder().build();
  await runtime.close();
  assertThrows(() => runtime.spawnBlocking(add, [1, 2]), Closed);
  assertThrows(() => runtime.handle().remote(), Closed);
});

Deno.test("spawnBlocking: a shutdown ends what still runs", async () => {
  const runtime = Runtime.builder().build();
  const words = new SharedArrayBuffer(8);
  const task = runtime.spawnBlocking(there.spinUntil, [words]);
  while (Atomics.load(new Int32Array(words), 0) === 0) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const failed = assertRejects(async () => await task, Cancelled);
  runtime.shutdown();
  await failed;
});
