import { OutsideRuntime } from "../core/errors.ts";
import type { Transfer } from "./crossing.ts";
import type { PoolTask } from "./pool_task.ts";
import type { Portable } from "./portable.ts";

/** A pool as its own tasks see it. */
export interface CurrentPool {
  /** As `run` of `WorkStealingPool`. */
  run<A extends unknown[], T>(
    task: Portable<A, T>,
    ...args: [...args: A] | [...args: A, last: Transfer]
  ): PoolTask<T>;
  /** As `runAll` of `WorkStealingPool`. */
  runAll<A extends unknown[], T>(task: Portable<A, T>, calls: readonly A[]): PoolTask<T[]>;
}

let current: CurrentPool | undefined;
let isAborted: (() => boolean) | undefined;

/**
 * The pool whose worker this thread is: a task can hand more tasks to it. They go into this
 * worker's own queue, from which the others steal.
 *
 * @throws {OutsideRuntime} on a thread that is no pool's worker
 */
export function currentPool(): CurrentPool {
  if (current === undefined) throw new OutsideRuntime();
  return current;
}

/** Whether the end of the task that is running here is wanted. Plain code that takes long asks. */
export function aborted(): boolean {
  return isAborted?.() ?? false;
}

/** This thread is a worker of `pool`. */
export function enterPool(pool: CurrentPool): void {
  current = pool;
}

/** The plain code that runs from now on asks `ask`; without it, none runs. */
export function askAborted(ask: (() => boolean) | undefined): void {
  isAborted = ask;
}
