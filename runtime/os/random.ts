import type { Random } from "../collections/random.ts";
import { currentContext } from "../core/context.ts";

/**
 * The chance of the current task's runtime: all of it follows from the runtime's seed.
 *
 * @throws {OutsideRuntime} when no task is running
 *
 * @example The same seed, the same dice
 * ```ts
 * import { random, Runtime } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const roll = async () => {
 *   using runtime = Runtime.builder().seed(7).build();
 *   return await runtime.blockOn(function* () {
 *     return [random().below(6), random().below(6)];
 *   });
 * };
 * assertEquals(await roll(), await roll());
 * ```
 */
export function random(): Random {
  return currentContext().loop.random;
}
