import { currentContext, type Loop } from "../core/context.ts";
import type { Spawnable } from "./coroutine.ts";
import { JoinHandle } from "./join_handle.ts";
import { type SpawnOptions, Task } from "./task.ts";

/**
 * Starts a task beside the current one and returns its handle; the task runs whether or not the
 * handle is kept. It ends with the runtime at the latest.
 *
 * A coroutine that is aborted before its first turn still runs up to its first await, so that
 * `using stream = handed` at its beginning gives back what it was handed.
 *
 * @throws {OutsideRuntime} when no task is running; use a runtime's `spawn` there
 *
 * @example Two tasks take turns
 * ```ts
 * import { blockOn, spawn, yieldNow } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: string[] = [];
 * await blockOn(function* () {
 *   const count = (name: string) =>
 *     spawn(function* () {
 *       for (let i = 1; i <= 2; i++) {
 *         seen.push(name + i);
 *         yield* yieldNow();
 *       }
 *     });
 *   const [a, b] = [count("a"), count("b")];
 *   yield* a;
 *   yield* b;
 * });
 * assertEquals(seen, ["a1", "b1", "a2", "b2"]);
 * ```
 */
export function spawn<T>(body: Spawnable<T>, options?: SpawnOptions<T>): JoinHandle<T> {
  return spawnOn(currentContext().loop, body, options);
}

/** Starts a task on a given loop, from inside or outside of it. */
export function spawnOn<T>(
  loop: Loop,
  body: Spawnable<T>,
  options?: SpawnOptions<T>,
): JoinHandle<T> {
  return new JoinHandle(new Task(body, loop, options));
}
