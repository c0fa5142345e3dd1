import type { Future } from "../core/future.ts";
import { type Cell, ExclusiveGuard, Guard, Locking } from "./guard.ts";
import { type Permit, Semaphore } from "./semaphore.ts";

/** All permits of a lock: far more than there can be tasks, and still a small integer. */
const MAX_READERS = 2 ** 29 - 1;

/** The right to read the value of an {@link RwLock}, together with other readers. */
export class RwLockReadGuard<T> extends Guard<T> {}

/** The right to read and to replace the value of an {@link RwLock}, alone. */
export class RwLockWriteGuard<T> extends ExclusiveGuard<T> {
  /**
   * Becomes a reader without unlocking in between, so that no other writer comes first; readers
   * who are next in the queue come in. This guard is unlocked.
   *
   * @throws {Misuse} when the guard was unlocked
   */
  downgrade(): RwLockReadGuard<T> {
    const guard = new RwLockReadGuard(this.cell, this.permit.split(1));
    this.unlock();
    return guard;
  }
}

/**
 * A value that many tasks may read at a time, or one may replace.
 *
 * All stand in one queue: a writer who waits holds back the readers who come after it, and they
 * come in before the writer after them, so neither kind starves. So a task that reads and asks to
 * read once more may wait for ever, behind a writer who waits for the first guard.
 *
 * It is a {@link Semaphore}, of which a reader takes one permit and a writer all. The algorithm is
 * that of tokio's `RwLock`.
 *
 * @example Readers share, a writer is alone
 * ```ts
 * import { blockOn, RwLock } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const seen = await blockOn(function* () {
 *   const motto = new RwLock("festina lente");
 *   {
 *     using first = yield* motto.read();
 *     using second = yield* motto.read();
 *     assertEquals(first.value, second.value);
 *     assertEquals(motto.tryWrite(), undefined);
 *   }
 *   using writer = yield* motto.write();
 *   writer.value = "carpe diem";
 *   using reader = writer.downgrade();
 *   return reader.value;
 * });
 * assertEquals(seen, "carpe diem");
 * ```
 */
export class RwLock<T> {
  readonly #cell: Cell<T>;
  readonly #permits = new Semaphore(MAX_READERS);
  readonly #reader = (permit: Permit) => new RwLockReadGuard(this.#cell, permit);
  readonly #writer = (permit: Permit) => new RwLockWriteGuard(this.#cell, permit);

  constructor(value: T) {
    this.#cell = { value };
  }

  /**
   * Waits until no writer holds it, nor waits since before.
   *
   * Cancel safety: safe, but a dropped wait loses its place; a lock that was on its way to it goes
   * to the next.
   */
  read(): Future<RwLockReadGuard<T>> {
    return new Locking(this.#permits.acquire(), this.#reader);
  }

  /**
   * Waits until nobody else holds it.
   *
   * Cancel safety: as {@link read}; readers whom a dropped wait held back come in.
   */
  write(): Future<RwLockWriteGuard<T>> {
    return new Locking(this.#permits.acquireMany(MAX_READERS), this.#writer);
  }

  /** Reads if no writer holds it and nobody waits for it; `undefined` otherwise. */
  tryRead(): RwLockReadGuard<T> | undefined {
    const permit = this.#permits.tryAcquire();
    return permit && this.#reader(permit);
  }

  /** Writes if nobody holds it or waits for it; `undefined` otherwise. */
  tryWrite(): RwLockWriteGuard<T> | undefined {
    const permit = this.#permits.tryAcquire(MAX_READERS);
    return permit && this.#writer(permit);
  }
}
