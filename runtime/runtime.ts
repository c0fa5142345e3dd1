import { RuntimeBuilder, type RuntimeParts } from "./builder.ts";
import { insideTask } from "./core/context.ts";
import { BlockedInsideTask } from "./core/errors.ts";
import type { EventLoop } from "./engine/event_loop.ts";
import type { Spawnable } from "./task/coroutine.ts";
import type { JoinHandle } from "./task/join_handle.ts";
import { spawnOn } from "./task/spawn.ts";
import type { SpawnOptions } from "./task/task.ts";
import type { Transfer } from "./threads/crossing.ts";
import type { PoolTicket } from "./threads/pool_layout.ts";
import type { PoolTask } from "./threads/pool_task.ts";
import type { Portable } from "./threads/portable.ts";
import { blockingPoolOf, endBlockingPool } from "./threads/spawn_blocking.ts";

/** What is alive in a runtime at this moment. */
export interface RuntimeStatistics {
  readonly tasks: number;
  readonly timers: number;
  readonly registrations: number;
}

/** A task as `Runtime.tasks` shows it. */
export interface TaskView {
  readonly name: string;
  /** The future it waits in; "nothing" when it can run. */
  readonly waitsFor: string;
}

/** A way to start tasks from outside: from plain async code, callbacks, other runtimes. */
export class Handle {
  #loop: EventLoop;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /**
   * Starts a task on the handle's runtime.
   *
   * @throws {Closed} when the runtime was shut down
   */
  spawn<T>(body: Spawnable<T>, options?: SpawnOptions<T>): JoinHandle<T> {
    return spawnOn(this.#loop, body, options);
  }

  /**
   * A ticket for another thread to make a `RemoteHandle` of: it can be posted to a Worker.
   *
   * @throws {Closed} when the runtime was shut down
   */
  remote(): PoolTicket {
    return blockingPoolOf(this.#loop).ticket();
  }
}

/**
 * An executor, a reactor and timers on one thread.
 *
 * It runs whenever there is something to run and leaves the thread to the platform in between; it
 * keeps the process alive only through the I/O and timers its tasks wait for.
 *
 * @example Two blocks of work on one runtime
 * ```ts
 * import { Runtime, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * using runtime = Runtime.builder().enableTime().build();
 * const double = function* (n: number) {
 *   yield* sleep(1);
 *   return 2 * n;
 * };
 * assertEquals(await runtime.blockOn(() => double(1)), 2);
 * assertEquals(await runtime.spawn(() => double(2)), 4);
 * assertEquals(runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
 * ```
 */
export class Runtime {
  #parts: RuntimeParts;

  constructor(readonly name: string, parts: RuntimeParts) {
    this.#parts = parts;
  }

  /** Begins a builder; what is not enabled is off. */
  static builder(): RuntimeBuilder<Runtime> {
    return new RuntimeBuilder((name, parts) => new Runtime(name, parts));
  }

  /**
   * Runs `body` as a task and promises its outcome. Other tasks run meanwhile and may go on
   * afterwards.
   *
   * @throws {BlockedInsideTask} when called inside a task
   * @throws {Closed} when the runtime was shut down
   */
  blockOn<T>(body: Spawnable<T>): Promise<T> {
    if (insideTask()) throw new BlockedInsideTask("blockOn()");
    return this.spawn(body, { name: "main" }).then();
  }

  /** Starts a task, from inside or outside; otherwise as {@link Handle.spawn}. */
  spawn<T>(body: Spawnable<T>, options?: SpawnOptions<T>): JoinHandle<T> {
    return spawnOn(this.#parts.loop, body, options);
  }

  /**
   * Runs a portable function on one of this runtime's threads, from inside or outside a task; as
   * the function `spawnBlocking`.
   *
   * @throws {Closed} when the runtime was shut down
   */
  spawnBlocking<A extends unknown[], T>(
    task: Portable<A, T>,
    args: [...args: A] | [...args: A, last: Transfer],
  ): PoolTask<T> {
    return blockingPoolOf(this.#parts.loop).run(task, ...args);
  }

  handle(): Handle {
    return new Handle(this.#parts.loop);
  }

  statistics(): RuntimeStatistics {
    const { executor, reactor, timers } = this.#parts;
    return {
      tasks: executor.liveTasks,
      timers: timers?.size ?? 0,
      registrations: reactor.size,
    };
  }

  /** The tasks that have begun and not ended, oldest first, and what each of them waits for. */
  tasks(): TaskView[] {
    return Array.from(this.#parts.executor.tasks(), ({ name, waitsFor }) => ({ name, waitsFor }));
  }

  /**
   * Aborts every task, waits until all of them have ended, what is shielded in them included, and
   * shuts down.
   */
  async close(): Promise<void> {
    await this.#parts.loop.drain();
    await endBlockingPool(this.#parts.loop, "close");
    await this.#parts.loop.close();
  }

  /**
   * Ends every task; their cleanup runs before this returns, and what is shielded is cut short:
   * `close` waits for it. Nothing can start afterwards. Sockets are closed by whoever holds them:
   * one that nobody closes, with `using` or by hand, stays open.
   */
  shutdown(): void {
    endBlockingPool(this.#parts.loop, "shutdown");
    this.#parts.loop.close();
  }

  [Symbol.dispose](): void {
    this.shutdown();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Runs `body` on a runtime of its own, with everything enabled, and promises its outcome. Tasks
 * that are still alive when it ends are aborted, and their shielded cleanup is waited for.
 *
 * @throws whatever `body` throws
 * @throws {BlockedInsideTask} when called inside a task
 *
 * @example
 * ```ts
 * import { blockOn, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const word = await blockOn(function* () {
 *   yield* sleep(1);
 *   return "awake";
 * });
 * assertEquals(word, "awake");
 * ```
 */
export function blockOn<T>(body: Spawnable<T>): Promise<T> {
  if (insideTask()) throw new BlockedInsideTask("blockOn()");
  const runtime = Runtime.builder().enableAll().build();
  return runtime.blockOn(body).finally(() => runtime.close());
}
