import type { Context, Rest } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { type Co, Future } from "../core/future.ts";
import { cutShort, leaveBehind, takeOver } from "../core/leftovers.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { Notify } from "../sync/notify.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import type { JoinHandle } from "../task/join_handle.ts";
import { spawn } from "../task/spawn.ts";
import type { SpawnOptions } from "../task/task.ts";
import { Rests } from "../task/unwinding.ts";

/**
 * Counts tasks in flight, so that one can wait until the last has ended.
 *
 * It keeps no outcomes: what has ended costs nothing, and an error that nobody joins is reported as
 * that of any task. Tasks may still be added after `close`, by those that are in flight.
 *
 * @example
 * ```ts
 * import { blockOn, sleep, TaskTracker } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const served: number[] = [];
 * await blockOn(function* () {
 *   const requests = new TaskTracker();
 *   for (const id of [1, 2, 3]) {
 *     requests.spawn(function* () {
 *       yield* sleep(id);
 *       served.push(id);
 *     });
 *   }
 *   requests.close();
 *   yield* requests.wait();
 * });
 * assertEquals(served, [1, 2, 3]);
 * ```
 */
export class TaskTracker {
  #tracked = 0;
  #tasks: Set<JoinHandle<unknown>> = new Set();
  #closed = false;
  #changed: Notify = new Notify();

  /** How many have not ended. */
  get size(): number {
    return this.#tracked;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Starts a task and counts it until it has ended.
   *
   * @throws {OutsideRuntime} when no task is running
   */
  spawn<T>(body: Spawnable<T>, options?: SpawnOptions<T>): JoinHandle<T> {
    const tracked = this.#track(body, () => this.#tasks.delete(handle));
    let handle: JoinHandle<T>;
    try {
      handle = spawn(tracked, options);
    } catch (error) {
      tracked.drop();
      throw error;
    }
    this.#tasks.add(handle);
    return handle;
  }

  /**
   * The future that is counted from now until it is ready or dropped.
   *
   * Cancel safety: as the body's.
   */
  track<T>(body: Spawnable<T>): Future<T> {
    return this.#track(body, () => {});
  }

  /** Nothing more is expected: `wait` ends once nothing is left. */
  close(): void {
    this.#closed = true;
    this.#changed.notifyAll();
  }

  /** Aborts every task that was spawned here. */
  abortAll(reason?: string): void {
    for (const task of [...this.#tasks]) task.abort(reason);
  }

  /**
   * Waits until it is closed and nothing is left.
   *
   * Cancel safety: safe; nothing is held.
   */
  *wait(): Co<void> {
    for (;;) {
      const changed = this.#changed.notified();
      if (this.#closed && this.#tracked === 0) return;
      yield* changed;
    }
  }

  #track<T>(body: Spawnable<T>, onLeave: () => void): Future<T> {
    const tracked = new Tracked(intoFuture(body), () => {
      this.#tracked--;
      onLeave();
      if (this.#tracked === 0) this.#changed.notifyAll();
    });
    this.#tracked++;
    return tracked;
  }
}

class Tracked<T> extends Future<T> {
  #body: Future<T> | undefined;
  #leave: () => void;

  constructor(body: Future<T>, leave: () => void) {
    super();
    this.#body = body;
    this.#leave = leave;
  }

  poll(cx: Context): Poll<T> {
    if (this.#body === undefined) throw new PolledAfterReady("a tracked future");
    let polled: Poll<T> | undefined;
    try {
      polled = this.#body.poll(cx);
      return polled;
    } finally {
      if (polled !== Pending) this.#end();
    }
  }

  override drop(): void {
    const body = this.#body;
    if (body === undefined) return;
    this.#body = undefined;
    const rests: Rest[] = [];
    try {
      takeOver(rests, () => body.drop());
    } finally {
      if (rests.length === 0) this.#leave();
      else this.#stayFor(rests);
    }
  }

  /** It counts until what is shielded in it has ended, too. */
  #stayFor(rests: Rest[]): void {
    const rest = new Tracked(new Rests(rests), this.#leave);
    if (!leaveBehind(rest)) cutShort(() => rest.drop());
  }

  #end(): void {
    this.#body = undefined;
    this.#leave();
  }
}
