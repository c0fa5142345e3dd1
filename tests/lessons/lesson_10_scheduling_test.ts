/**
 * Lesson 10, scheduling: first in, first out, and nobody holds the thread for long.
 *
 * Leads to runtime/engine/executor.ts (the queue and its slices), runtime/core/context.ts (the
 * cooperative budget), runtime/task/yield_now.ts and runtime/task/join_handle.ts.
 */

import { type Co, ready, spawn, yieldNow } from "wakeful/runtime";
import { runTest } from "wakeful/testing";
import { assertEquals, assertGreater, assertLess } from "../support/assert.ts";
import { show } from "./show.ts";

const ROUNDS = 1000;

/** What a quick task sees of a greedy one that was spawned before it: how many rounds it made. */
async function roundsBefore(greedy: (round: () => void) => Co<void>): Promise<number> {
  let rounds = 0;
  const seen = await runTest(function* () {
    const slow = spawn(() => greedy(() => rounds++));
    const quick = spawn(function* () {
      return rounds;
    });
    const seen = yield* quick;
    yield* slow;
    return seen;
  });
  assertEquals(rounds, ROUNDS); // fairness costs the greedy one nothing but its place
  return seen;
}

Deno.test("lesson 10.1 · three handles, joined one after the other, sum to sixty", async () => {
  const sum = await runTest(function* () {
    const handles = [10, 20, 30].map((n) => spawn(() => ready(n)));
    let sum = 0;
    for (const handle of handles) sum += yield* handle;
    return sum;
  });
  assertEquals(sum, 60);
});

Deno.test("lesson 10.2 · a greedy task that yields a thousand times does not delay a quick one", async () => {
  const seen = await roundsBefore(function* (round) {
    for (let i = 0; i < ROUNDS; i++) {
      round();
      yield* yieldNow();
    }
  });
  assertEquals(seen, 1); // its first round, which came before
});

Deno.test("lesson 10.2 · tasks that yield take turns strictly: first in, first out", async () => {
  const log: string[] = [];
  await runTest(function* () {
    const takeTurns = (name: string) =>
      spawn(function* () {
        for (let turn = 1; turn <= 3; turn++) {
          log.push(name + turn);
          yield* yieldNow();
        }
      });
    const tasks = ["a", "b", "c"].map(takeTurns);
    for (const task of tasks) yield* task;
  });
  show(log.join(" "));
  assertEquals(log, ["a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3"]);
});

Deno.test("lesson 10.3 · a task that never awaits starves the others until it has ended", async () => {
  const seen = await roundsBefore(function* (round) {
    for (let i = 0; i < ROUNDS; i++) round();
  });
  assertEquals(seen, ROUNDS);
});

Deno.test("lesson 10.3 · a yield point every hundred rounds cures it", async () => {
  const seen = await roundsBefore(function* (round) {
    for (let i = 1; i <= ROUNDS; i++) {
      round();
      if (i % 100 === 0) yield* yieldNow();
    }
  });
  assertEquals(seen, 100);
});

Deno.test("lesson 10.3 · the cooperative budget cures it without one, if only something is awaited", async () => {
  const seen = await roundsBefore(function* (round) {
    for (let i = 0; i < ROUNDS; i++) {
      round();
      yield* ready(i); // never pending: without the budget it would never suspend
    }
  });
  show(`the quick task had its turn after ${seen} rounds of the greedy one`);
  assertGreater(seen, 1);
  assertLess(seen, ROUNDS / 4);
});

Deno.test("lesson 10.4 · dropping an abort-on-drop handle after three polls leaves the counter at 3", async () => {
  let counter = 0;
  const log: string[] = [];
  await runTest(function* () {
    const handle = spawn(function* () {
      try {
        for (;;) {
          counter++;
          yield* yieldNow();
        }
      } finally {
        log.push(`stopped at ${counter}`);
      }
    }).abortOnDrop();
    while (counter < 3) yield* yieldNow();
    handle.drop();
    log.push("dropped");
    for (let i = 0; i < 10; i++) yield* yieldNow();
  });
  assertEquals([counter, log], [3, ["stopped at 3", "dropped"]]);
});

Deno.test("lesson 10.4 · dropping a plain handle only detaches: the task runs on", async () => {
  let counter = 0;
  await runTest(function* () {
    const handle = spawn(function* () {
      while (counter < 10) {
        counter++;
        yield* yieldNow();
      }
    });
    while (counter < 3) yield* yieldNow();
    handle.drop();
    for (let i = 0; i < 10; i++) yield* yieldNow();
  });
  assertEquals(counter, 10);
});
