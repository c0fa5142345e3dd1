import { freshSeed } from "../os/entropy.ts";
import type { Driver } from "../reactor/driver.ts";
import type { RuntimeBuilder } from "../builder.ts";
import { Runtime } from "../runtime.ts";
import { fromPromise } from "../interop/promise.ts";
import type { Spawnable } from "../task/coroutine.ts";

/** An error that nobody asks for is reported one turn after the one in which it happened. */
const TURNS_TO_SETTLE = 3;

export interface TestOptions {
  /** What all chance follows from; a fresh one by default, which is printed when the test fails. */
  readonly seed?: number;
  /** The driver for I/O; Deno's own sockets by default. */
  readonly driver?: () => Driver;
  /** Further settings of the runtime. */
  readonly configure?: (builder: RuntimeBuilder) => unknown;
}

/** Something was still there when a test's body had ended. */
export class Leaked extends Error {
  override readonly name = "Leaked";
}

/**
 * Runs a test's body on a runtime whose clock stands, as `pause` describes it: sleeps take no real
 * time and end in the order of their deadlines. The clock begins at 0.
 *
 * The test fails when the body throws, when an error of a task is asked for by nobody, or when a
 * task, a timer or a registration is left at its end. A failure prints the seed that replays it.
 *
 * @throws whatever the body throws
 * @throws {Leaked} when something is left
 *
 * @example Backoff of 1, 2 and 4 seconds, in no time
 * ```ts
 * import { now, sleep } from "wakeful/runtime";
 * import { runTest } from "wakeful/testing";
 * import { assertEquals } from "@std/assert";
 *
 * await runTest(function* () {
 *   for (let wait = 1_000; wait <= 4_000; wait *= 2) yield* sleep(wait);
 *   assertEquals(now(), 7_000);
 * });
 * ```
 */
export async function runTest<T>(body: Spawnable<T>, options: TestOptions = {}): Promise<T> {
  const seed = options.seed ?? freshSeed();
  const unasked: [string, unknown][] = [];
  const builder = Runtime.builder().enableIo().seed(seed).clock({ now: () => 0, wall: () => 0 })
    .startPaused().onUnjoinedError((task, error) => void unasked.push([task, error]));
  if (options.driver !== undefined) builder.driver(options.driver);
  options.configure?.(builder);
  const runtime = builder.build();
  try {
    const value = await runtime.blockOn(body);
    await settle(runtime);
    for (const [task, error] of unasked) {
      throw new Error(`Task ${task} failed, and nobody has asked for its outcome`, {
        cause: error,
      });
    }
    assertNothingLeft(runtime);
    return value;
  } catch (error) {
    console.error(
      `wakeful: the test failed with seed ${seed}; runTest(body, { seed: ${seed} }) replays it`,
    );
    throw error;
  } finally {
    await runtime.close();
  }
}

/** Gives what ends together with the body its turn, and errors the time to be reported. */
function settle(runtime: Runtime): Promise<void> {
  return runtime.blockOn(function* () {
    for (let turns = 0; turns < TURNS_TO_SETTLE; turns++) yield* fromPromise(Promise.resolve());
  });
}

function assertNothingLeft(runtime: Runtime): void {
  const { tasks, timers, registrations } = runtime.statistics();
  if (tasks + timers + registrations === 0) return;
  const names = tasks > 0
    ? ` (${
      runtime.tasks().map(({ name, waitsFor }) => `${name} waits for ${waitsFor}`).join(", ")
    })`
    : "";
  throw new Leaked(
    `The test left ${counted(tasks, "task")}${names}, ${counted(timers, "timer")} and ` +
      `${counted(registrations, "registration")}: ` +
      "join or abort tasks, drop futures, close sockets",
  );
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
