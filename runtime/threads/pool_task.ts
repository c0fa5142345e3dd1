import type { Context } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { storeWaker, type Waker } from "../core/waker.ts";

/** How a task on another thread ended. */
export type PoolOutcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * The outcome of a task on another thread, as a future; async code can await it as well.
 *
 * Cancel safety: dropping it detaches the task, which runs on, and nobody asks for its outcome.
 *
 * @throws whatever the task throws: errors keep their name, message and code, and the stack over
 * there is their cause
 * @throws {Cancelled} when the task was aborted
 * @throws {ThreadDied} when its thread ended under it
 * @throws {PolledAfterReady} when polled after the outcome was handed out
 */
export class PoolTask<T> extends Future<T> implements PromiseLike<T> {
  #outcome: PoolOutcome<T> | undefined;
  #waker: Waker | undefined;
  #listener: ((outcome: PoolOutcome<T>) => void) | undefined;
  #promise: Promise<T> | undefined;
  #abort: (reason: string) => void;
  #spent = false;
  #onEnd: (() => void) | undefined;

  constructor(abort: (reason: string) => void) {
    super();
    this.#abort = abort;
  }

  /** One that has failed before it could begin. */
  static failed<T>(error: unknown): PoolTask<T> {
    const task = new PoolTask<T>(() => {});
    task.settle({ error });
    return task;
  }

  /** Whether it has ended, however it did. */
  isFinished(): boolean {
    return this.#outcome !== undefined;
  }

  /**
   * Ends the task. One that has not begun never does; a coroutine is aborted where it waits; plain
   * code has the pool's grace to ask `aborted()` and return, then its thread is ended under it.
   */
  abort(reason = "by its handle"): void {
    if (this.#outcome === undefined) this.#abort(reason);
  }

  /** Calls `then` once when it has ended. */
  whenFinished(then: () => void): void {
    if (this.#outcome !== undefined) then();
    else this.#onEnd = then;
  }

  poll(cx: Context): Poll<T> {
    if (this.#spent) throw new PolledAfterReady("a pool's task");
    if (this.#outcome === undefined) {
      this.#waker = storeWaker(this.#waker, cx.waker);
      return Pending;
    }
    this.#spent = true;
    return valueOf(this.#outcome);
  }

  override drop(): void {
    this.#waker?.drop();
    this.#waker = undefined;
  }

  then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#promise ??= new Promise((resolve, reject) => {
      const settle = (outcome: PoolOutcome<T>) =>
        "error" in outcome ? reject(outcome.error) : resolve(outcome.value);
      if (this.#outcome !== undefined) settle(this.#outcome);
      else this.#listener = settle;
    });
    return this.#promise.then(onValue, onError);
  }

  /** For the pool: it has ended so. */
  settle(outcome: PoolOutcome<T>): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    this.#listener?.(outcome);
    this.#onEnd?.();
    this.#waker?.wake();
    this.#waker = undefined;
  }
}

function valueOf<T>(outcome: PoolOutcome<T>): T {
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}
