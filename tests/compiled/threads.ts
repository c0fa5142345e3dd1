/**
 * A program for the smoke tests, to be compiled: it has something done on a runtime's threads, on a
 * pool, and on a thread with a runtime of its own, and prints what comes of it.
 */

import { blockOn, spawnBlocking, Thread, WorkStealingPool } from "../../runtime/mod.ts";
import { double, fibonacci } from "./functions.ts";

await using pool = new WorkStealingPool({ threads: 2 });

await blockOn(function* () {
  console.log(`spawnBlocking: ${yield* spawnBlocking(fibonacci, [20])}`);
  const numbers = yield* pool.runAll(fibonacci, [[10], [11], [12]]);
  console.log(`WorkStealingPool: ${numbers}`);
  const thread = Thread.start(double, [], { name: "alone" });
  yield* thread.send(21);
  console.log(`Thread: ${String(yield* thread.recv())}, ${yield* thread.join()}`);
});
