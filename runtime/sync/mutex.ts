import type { Co, Future } from "../core/future.ts";
import { Coroutine, intoFuture, type Spawnable } from "../task/coroutine.ts";
import { type Cell, ExclusiveGuard, Locking } from "./guard.ts";
import { type Permit, Semaphore } from "./semaphore.ts";

/** The right to the value of a {@link Mutex}, until it is unlocked. It may change tasks. */
export class MutexGuard<T> extends ExclusiveGuard<T> {}

/**
 * A value that one task at a time may use, also across its awaits.
 *
 * Whoever unlocks hands over to the one who has waited longest: nobody who comes meanwhile takes
 * it first. A task that locks it twice waits for itself. One thread runs all tasks, so what is
 * read and changed between two awaits needs no mutex.
 *
 * It is a {@link Semaphore} with one permit.
 *
 * @example Read, wait, write: no update is lost
 * ```ts
 * import { blockOn, Mutex, scope, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const balance = new Mutex(0);
 * await blockOn(() =>
 *   scope(function* (s) {
 *     for (let i = 0; i < 10; i++) {
 *       s.spawn(function* () {
 *         using guard = yield* balance.lock();
 *         const before = guard.value;
 *         yield* sleep(1);
 *         guard.value = before + 1;
 *       });
 *     }
 *   })
 * );
 * assertEquals(balance.tryLock()?.value, 10);
 * ```
 */
export class Mutex<T> {
  readonly #cell: Cell<T>;
  readonly #turn = new Semaphore(1);
  readonly #guard = (permit: Permit) => new MutexGuard(this.#cell, permit);

  constructor(value: T) {
    this.#cell = { value };
  }

  /** Whether somebody holds it, or has been given it and was not polled since. */
  get isLocked(): boolean {
    return this.#turn.available === 0;
  }

  /**
   * Waits until nobody else holds it.
   *
   * Cancel safety: safe, but a dropped wait loses its place; a lock that was on its way to it goes
   * to the next.
   */
  lock(): Future<MutexGuard<T>> {
    return new Locking(this.#turn.acquire(), this.#guard);
  }

  /** Takes it if nobody holds it or waits for it; `undefined` otherwise. */
  tryLock(): MutexGuard<T> | undefined {
    const permit = this.#turn.tryAcquire();
    return permit && this.#guard(permit);
  }

  /**
   * Runs `body` with the lock held, and unlocks however it ends.
   *
   * Cancel safety: as the body's.
   *
   * @throws whatever `body` throws
   */
  withLock<R>(body: (guard: MutexGuard<T>) => Spawnable<R>): Future<R> {
    return new Coroutine(this.#locked(body));
  }

  *#locked<R>(body: (guard: MutexGuard<T>) => Spawnable<R>): Co<R> {
    using guard = yield* this.lock();
    return yield* intoFuture(body(guard));
  }
}
