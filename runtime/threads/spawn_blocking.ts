import { currentLoop, type Loop, type Timers } from "../core/context.ts";
import { Cancelled, Closed } from "../core/errors.ts";
import type { CancellationToken } from "../cancel/cancellation_token.ts";
import type { Transfer } from "./crossing.ts";
import { PoolTask } from "./pool_task.ts";
import type { Portable } from "./portable.ts";
import type { WorkStealingPoolOptions } from "./pool_options.ts";
import { WorkStealingPool } from "./work_stealing_pool.ts";

/** What a runtime's blocking pool may be told. */
export type BlockingPoolOptions = Pick<WorkStealingPoolOptions, "threads" | "queue" | "grace">;

export interface SpawnBlockingOptions {
  /** Its cancellation aborts the task. */
  readonly token?: CancellationToken;
}

/** The threads of one runtime, made when they are first needed. */
class BlockingPool {
  #pool: WorkStealingPool | undefined;
  #closed = false;

  constructor(readonly options: WorkStealingPoolOptions) {}

  get(): WorkStealingPool {
    if (this.#closed) throw new Closed("the runtime");
    return this.#pool ??= new WorkStealingPool(this.options);
  }

  async end(how: "close" | "shutdown"): Promise<void> {
    this.#closed = true;
    await this.#pool?.[how]();
  }
}

const pools = new WeakMap<Loop, BlockingPool>();

/** Lets a loop have a pool, which begins with the first task. */
export function provideBlockingPool(
  loop: Loop,
  options: BlockingPoolOptions,
  timers: Timers | undefined,
): void {
  pools.set(loop, new BlockingPool({ ...options, timers }));
}

/** Ends a loop's pool, at once or when its tasks have ended. */
export async function endBlockingPool(loop: Loop, how: "close" | "shutdown"): Promise<void> {
  await pools.get(loop)?.end(how);
}

/**
 * A loop's pool.
 *
 * @throws {Closed} when the loop's runtime has ended, or is none that has threads
 */
export function blockingPoolOf(loop: Loop): WorkStealingPool {
  const pool = pools.get(loop);
  if (pool === undefined) throw new Closed("the runtime's pool");
  return pool.get();
}

/**
 * Runs a portable function on one of the runtime's threads, so that this one stays free: for what
 * computes long or blocks. The threads begin with the first call; how many, and how many tasks can
 * be queued, is the runtime's `blockingPool`. When the queue is full the task begins later.
 *
 * A cancelled task that has not begun never does. One that runs has the pool's grace to notice:
 * a coroutine is aborted where it waits, plain code has to ask `aborted()`. When the grace is over
 * its thread is ended under it, and the error says so.
 *
 * Cancel safety: dropping the task detaches it; it runs on. Its `abort`, or the token, ends it.
 *
 * @throws {OutsideRuntime} when no task is running
 * @throws {Closed} when the runtime was shut down
 *
 * @example The function would be exported by a module of yours
 * ```ts
 * import { blockOn, portable, spawnBlocking } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const module = "data:text/javascript,export const fib = (n) => n < 2 ? n : fib(n-1) + fib(n-2)";
 * const { fib }: { fib(n: number): number } = await import(module);
 *
 * const answer = await blockOn(function* () {
 *   return yield* spawnBlocking(portable(module, fib), [20]);
 * });
 * assertEquals(answer, 6765);
 * ```
 */
export function spawnBlocking<A extends unknown[], T>(
  task: Portable<A, T>,
  args: [...args: A] | [...args: A, last: Transfer],
  { token }: SpawnBlockingOptions = {},
): PoolTask<T> {
  const pool = blockingPoolOf(currentLoop());
  if (token?.isCancelled) return PoolTask.failed(new Cancelled(token.reason!));
  const running = pool.run(task, ...args);
  if (token !== undefined) {
    running.whenFinished(token.subscribe(() => running.abort(token.reason)));
  }
  return running;
}
