import {
  Cancelled,
  Closed,
  currentPool,
  NotPortable,
  OutsideRuntime,
  portable,
  ready,
  RemoteError,
  ThreadDied,
  TimedOut,
  transfer,
  WorkStealingPool,
} from "wakeful/runtime";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../../support/assert.ts";
import { begun } from "../../support/begun.ts";
import * as there from "../../support/portable_functions.ts";

const MODULE = new URL("../../support/portable_functions.ts", import.meta.url).href;
const add = portable(MODULE, there.add);

Deno.test("WorkStealingPool: a plain function, a coroutine and a promise give their values", async () => {
  await using pool = new WorkStealingPool({ threads: 1 });
  assertEquals(await pool.run(add, 2, 3), 5);
  assertEquals(await pool.run(there.doze, 1, "awake"), "awake");
  assertEquals(await pool.run(there.promised, 4), 4);
});

Deno.test("WorkStealingPool: small values cross in memory and large ones by message", async () => {
  await using pool = new WorkStealingPool({ threads: 2, payload: 256 });
  const values = [undefined, { a: [1, "ß"] }, new Map([[1, new Date(0)]]), "x".repeat(10_000), /x/];
  for (const value of values) assertEquals(await pool.run(there.echo, value), value);
});

Deno.test("WorkStealingPool: a buffer can be transferred", async () => {
  await using pool = new WorkStealingPool({ threads: 1 });
  const buffer = new ArrayBuffer(64);
  assertEquals(await pool.run(there.sizeOf, buffer, transfer([buffer])), 64);
  assertEquals(buffer.byteLength, 0);
});

Deno.test("WorkStealingPool: what cannot cross is refused, with its place and its name", async () => {
  await using pool = new WorkStealingPool({ threads: 1 });
  const refused = async (value: unknown, ...words: string[]) => {
    const error = await assertRejects(async () => await pool.run(there.echo, value));
    assertInstanceOf(error, NotPortable);
    for (const word of words) assertStringIncludes(error.message, word);
  };
  await refused({ on: { click() {} } }, "arguments[0].on.click", "function");
  await refused([1, ready(1)], "arguments[0][1]", "future, Ready");
  await refused(new Map([["a b", (function* () {})()]]), 'arguments[0].get("a b")', "generator");
  await refused(Promise.resolve(1), "arguments[0]", "promise");
  await refused({ "no-name": Symbol("s") }, 'arguments[0]["no-name"]', "symbol");
  const error = await assertRejects(async () => await pool.run(there.answerFunction));
  assertStringIncludes(`${error}`, "the result.on.click");
});

Deno.test("WorkStealingPool: a function that others cannot import is refused by name", async () => {
  await using pool = new WorkStealingPool({ threads: 1 });
  const hidden = await assertRejects(async () => await pool.run(there.makeHidden()));
  assertStringIncludes(`${hidden}`, "does not export it");
  const closure = await assertRejects(async () => await pool.run(there.makeClosure(1), 1, 2));
  assertStringIncludes(`${closure}`, "closure");
  assertInstanceOf(closure, NotPortable);
  assertThrows(() => portable(MODULE, () => 1), NotPortable, "without a name");
});

Deno.test("WorkStealingPool: errors keep class, message, code and data, and their stack is the cause", async () => {
  await using pool = new WorkStealingPool({ threads: 1 });
  const failure = (how: string) => assertRejects(async () => await pool.run(there.fail, how));
  const range = await failure("range");
  assertInstanceOf(range, RangeError);
  assertEquals(range.message, "too far");
  assertStringIncludes((range.cause as Error).stack!, "portable_functions.ts");
  const late = await failure("timeout");
  assertInstanceOf(late, TimedOut);
  assertEquals([late.name, late.code, late.milliseconds], ["TimedOut", "TIMED_OUT", 50]);
  assertInstanceOf(await failure("closed"), Closed);
  const odd = await failure("odd");
  assertInstanceOf(odd, RemoteError);
  assertEquals([odd.name, odd.message, odd.code], ["OddError", "strange", "ODD"]);
  assertStringIncludes((await failure("a word") as Error).message, "a word");
});

Deno.test("WorkStealingPool: a batch answers all results in order, or its first error", async () => {
  await using pool = new WorkStealingPool({ threads: 2 });
  const calls = Array.from({ length: 1000 }, (_, i): [number, number] => [i, 1]);
  assertEquals(await pool.runAll(add, calls), calls.map(([i]) => i + 1));
  assertEquals(await pool.runAll(add, []), []);
  const large = Array.from({ length: 50 }, (_, i): [unknown] => ["x".repeat(100 * i)]);
  assertEquals(await pool.runAll(there.echo, large), large.flat());
  const dozes = Array.from({ length: 6 }, (_, i): [number, string] => [1, `${i}`]);
  assertEquals(await pool.runAll(there.doze, dozes), ["0", "1", "2", "3", "4", "5"]);
  await assertRejects(async () => await pool.runAll(there.fail, [["range"]]), RangeError);
});

Deno.test("WorkStealingPool: a worker takes no second task whose arguments it waits for", async () => {
  await using pool = new WorkStealingPool({ threads: 2 });
  const spin = () => {
    const words = new Int32Array(new SharedArrayBuffer(8)); // memory is never plain
    return { words, task: pool.run(there.spinUntil, words.buffer) };
  };
  const begun = async (words: Int32Array) => {
    while (Atomics.load(words, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  const first = spin();
  await begun(first.words);
  const [second, third] = [spin(), spin()]; // one of them for the other worker
  await Promise.race([begun(second.words), begun(third.words)]);
  Atomics.store(first.words, 1, 1);
  await Promise.all([begun(second.words), begun(third.words)]);
  for (const { words } of [second, third]) Atomics.store(words, 1, 1);
  await Promise.all([first.task, second.task, third.task]);
});

Deno.test("WorkStealingPool: more tasks than the queue has room for wait and all end", async () => {
  await using pool = new WorkStealingPool({ threads: 2, queue: 4 });
  const sums = await Promise.all(Array.from({ length: 200 }, (_, i) => pool.run(add, i, i)));
  assertEquals(sums, Array.from({ length: 200 }, (_, i) => 2 * i));
  assertEquals(pool.underWay, 0);
});

Deno.test("WorkStealingPool: tasks that a worker hands in are stolen by the others", async () => {
  await using pool = new WorkStealingPool({ threads: 2 });
  await begun(pool);
  assertEquals(await pool.run(there.fanOut, 50, 1_000_000), 50);
  const ran = pool.statistics().map(({ ran }) => ran);
  assertEquals(ran[0] + ran[1], 51);
  assert(Math.min(...ran) > 0, `${ran}`);
});

Deno.test("WorkStealingPool: outside of a pool's worker there is no current pool", () => {
  assertThrows(() => currentPool(), OutsideRuntime);
});

Deno.test("WorkStealingPool: a task aborted before it began never runs", async () => {
  await using pool = new WorkStealingPool({ threads: 1 });
  const words = new Int32Array(new SharedArrayBuffer(8));
  const first = pool.run(there.spinUntil, words.buffer);
  while (Atomics.load(words, 0) === 0) await pause();
  const never = new Int32Array(new SharedArrayBuffer(8));
  const second = pool.run(there.spinUntil, never.buffer);
  second.abort("not needed");
  await assertRejects(async () => await second, Cancelled, "not needed");
  Atomics.store(words, 1, 1);
  assertEquals(await first, "let go");
  assertEquals(await pool.run(add, 1, 1), 2);
  assertEquals(never[0], 0);
});

Deno.test("WorkStealingPool: an aborted coroutine ends where it waits, and its thread lives on", async () => {
  const died: number[] = [];
  const timers = { read: () => 0, set() {}, cancel() {} } as never;
  await using pool = new WorkStealingPool({
    threads: 1,
    timers,
    onThreadDied: (seat) => died.push(seat),
  });
  const task = pool.run(there.doze, 1_000_000, "never");
  while (pool.statistics()[0].parked === 0) await pause();
  task.abort("enough");
  await assertRejects(async () => await task, Cancelled, "enough");
  assertEquals([await pool.run(add, 1, 1), died], [2, []]);
});

Deno.test("WorkStealingPool: code that ignores an abort loses its thread, which is replaced", async () => {
  const died: number[] = [];
  await using pool = new WorkStealingPool({ threads: 1, onThreadDied: (seat) => died.push(seat) });
  const words = new Int32Array(new SharedArrayBuffer(8));
  const task = pool.run(there.spinUntil, words.buffer);
  const queued = pool.run(add, 20, 22);
  while (Atomics.load(words, 0) === 0) await pause();
  task.abort("too slow");
  const error = await assertRejects(async () => await task, Cancelled);
  assertStringIncludes(`${error}`, "too slow; its code did not heed that");
  assertEquals([await queued, died], [42, [0]]);
});

Deno.test("WorkStealingPool: code that asks for the abort keeps its thread", async () => {
  const died: number[] = [];
  const timers = { read: () => 0, set() {}, cancel() {} } as never;
  await using pool = new WorkStealingPool({
    threads: 1,
    timers,
    onThreadDied: (seat) => died.push(seat),
  });
  const words = new Int32Array(new SharedArrayBuffer(8));
  const task = pool.run(there.spinPolitely, words.buffer);
  while (Atomics.load(words, 0) === 0) await pause();
  task.abort();
  assertEquals([await task, words[1], died], ["heard", 1, []]);
});

for (const how of ["exit", "throw"]) {
  Deno.test(`WorkStealingPool: a thread that dies (${how}) is reported and replaced`, async () => {
    const died: [number, unknown][] = [];
    await using pool = new WorkStealingPool({
      threads: 1,
      onThreadDied: (seat, error) => died.push([seat, error]),
    });
    const error = await assertRejects(async () => await pool.run(there.die, how), ThreadDied);
    if (how === "throw") assertStringIncludes(`${error}`, "thrown outside");
    assertEquals(died.length, 1);
    assertEquals(await pool.run(add, 1, 1), 2);
  });
}

Deno.test("WorkStealingPool: closing waits for what was handed in and takes nothing more", async () => {
  const pool = new WorkStealingPool({ threads: 2 });
  const task = pool.run(there.doze, 20, "done");
  const closed = pool.close();
  await assertRejects(async () => await pool.run(add, 1, 1), Closed);
  await closed;
  assertEquals(await task, "done");
});

Deno.test("WorkStealingPool: closing ends also where a thread is replaced meanwhile", async () => {
  const pool = new WorkStealingPool({ threads: 1 });
  const words = new SharedArrayBuffer(8);
  const task = pool.run(there.spinUntil, words);
  while (Atomics.load(new Int32Array(words), 0) === 0) await pause();
  const failed = assertRejects(async () => await task, Cancelled, "too slow");
  const closed = pool.close();
  task.abort("too slow");
  await failed;
  await closed;
});

Deno.test("WorkStealingPool: a shutdown ends what runs", async () => {
  const pool = new WorkStealingPool({ threads: 1 });
  const words = new SharedArrayBuffer(8);
  const task = pool.run(there.spinUntil, words);
  while (Atomics.load(new Int32Array(words), 0) === 0) await pause();
  const failed = assertRejects(async () => await task, Cancelled, "shut down");
  await pool.shutdown();
  await failed;
});

Deno.test("WorkStealingPool: numbers out of range are refused", () => {
  assertThrows(() => new WorkStealingPool({ threads: 0 }), RangeError, "threads");
  assertThrows(() => new WorkStealingPool({ queue: 1.5 }), RangeError, "queue");
  assertThrows(() => new WorkStealingPool({ payload: 1 }), RangeError, "payload");
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
