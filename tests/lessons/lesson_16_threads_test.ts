/**
 * Lesson 16, architecture: what several threads add, and what each of them is by itself.
 *
 * Each thread has an executor, a reactor and timers of its own; what moves between them is
 * portable tasks. Read on in runtime/threads/worker_main.ts and work_stealing_pool.ts.
 */

import { WorkStealingPool } from "wakeful/runtime";
import { assertEquals, assertGreater } from "../support/assert.ts";
import { begun } from "../support/begun.ts";
import { compute, nap } from "./elsewhere.ts";
import { show } from "./show.ts";

Deno.test("lesson 16.2 · 100 tasks over four workers, and how they were spread", async () => {
  await using pool = new WorkStealingPool({ threads: 4 });
  await begun(pool);
  const naps = await Promise.all(Array.from({ length: 100 }, () => pool.run(nap, 5)));
  const ran = pool.statistics().map(({ ran }) => ran);
  show(`the four ran ${ran.join(", ")}`);
  assertEquals(naps.length, 100);
  assertEquals(ran.reduce((sum, n) => sum + n), 100);
  assertGreater(ran.filter((n) => n > 0).length, 1);
});

Deno.test("lesson 16.5 · the same work on one thread and on two", async () => {
  const results: number[][] = [];
  for (const threads of [1, 2]) {
    await using pool = new WorkStealingPool({ threads });
    await begun(pool);
    const begin = performance.now();
    results.push(await pool.runAll(compute, Array.from({ length: 20 }, (_, i) => [i * 100_000])));
    show(`${threads} threads: ${(performance.now() - begin).toFixed(1)} ms`);
  }
  assertEquals(results[0], results[1]);
});
