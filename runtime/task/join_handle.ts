import type { Context } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import type { Poll } from "../core/poll.ts";
import { type Task, valueOf } from "./task.ts";

/**
 * The outcome of a spawned task, as a future.
 *
 * Joining answers the task's value or throws what the task threw; an aborted task throws
 * `Cancelled`. A task joins once; async code can await the handle as well, as often as it likes.
 *
 * Cancel safety: dropping the handle detaches the task, which runs on. An error that nobody has
 * asked for by the end of the turn after the one in which it happened is reported once.
 *
 * @throws {Cancelled} when the task was aborted
 * @throws {PolledAfterReady} when polled after the outcome was handed out
 *
 * @example Spawn, join
 * ```ts
 * import { blockOn, sleep, spawn } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const answer = await blockOn(function* () {
 *   const handle = spawn(function* () {
 *     yield* sleep(1);
 *     return 42;
 *   });
 *   return yield* handle;
 * });
 * assertEquals(answer, 42);
 * ```
 */
export class JoinHandle<T> extends Future<T> implements PromiseLike<T> {
  #task: Task<T>;
  #promise: Promise<T> | undefined;
  #spent = false;

  constructor(task: Task<T>) {
    super();
    this.#task = task;
  }

  /** The task's name, as error reports show it. */
  get name(): string {
    return this.#task.name;
  }

  /** Whether the task has an outcome, be it a value, an error or a cancellation. */
  isFinished(): boolean {
    return this.#task.state.completed;
  }

  /**
   * Ends the task: its `finally` blocks run before this returns, or at the end of its poll when
   * the task aborts itself. What is `shielded` in them takes longer, and whoever joins waits for it. Aborting a finished task does nothing.
   */
  abort(reason?: string): void {
    this.#task.abort(reason);
  }

  /** A future with the same outcome that aborts the task when it is dropped. */
  abortOnDrop(): AbortOnDropHandle<T> {
    return new AbortOnDropHandle(this);
  }

  poll(cx: Context): Poll<T> {
    if (this.#spent) throw new PolledAfterReady("a join handle");
    this.#spent = this.isFinished();
    return this.#task.join(cx.waker);
  }

  /** Detaches the task: it runs on and nobody asks for its outcome. */
  override drop(): void {
    this.#task.detach();
  }

  then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#promise ??= this.#settle();
    return this.#promise.then(onValue, onError);
  }

  #settle(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#task.listen((ended) => {
        try {
          resolve(valueOf(ended));
        } catch (error) {
          reject(error);
        }
      });
    });
  }
}

/**
 * A join handle whose task does not outlive it.
 *
 * Cancel safety: dropping it ends the task, as {@link JoinHandle.abort} does.
 */
export class AbortOnDropHandle<T> extends Future<T> {
  #handle: JoinHandle<T>;

  constructor(handle: JoinHandle<T>) {
    super();
    this.#handle = handle;
  }

  isFinished(): boolean {
    return this.#handle.isFinished();
  }

  poll(cx: Context): Poll<T> {
    return this.#handle.poll(cx);
  }

  override drop(): void {
    this.#handle.abort("its handle was dropped");
    this.#handle.drop();
  }
}
