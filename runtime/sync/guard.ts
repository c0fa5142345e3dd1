import type { Context } from "../core/context.ts";
import { Misuse, PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import type { Permit } from "./semaphore.ts";

/** Where a lock keeps what it protects. */
export interface Cell<T> {
  value: T;
}

/** The right to read what a lock protects, until it is unlocked. */
export abstract class Guard<T> {
  readonly #cell: Cell<T>;

  constructor(cell: Cell<T>, protected readonly permit: Permit) {
    this.#cell = cell;
  }

  /**
   * What the lock protects.
   *
   * @throws {Misuse} when the guard was unlocked
   */
  get value(): T {
    return this.cell.value;
  }

  /** Gives the lock to those who have waited longest; once more is a no-op. */
  unlock(): void {
    this.permit.release();
  }

  [Symbol.dispose](): void {
    this.unlock();
  }

  protected get cell(): Cell<T> {
    if (this.permit.count === 0) {
      throw new Misuse("Cannot use a guard after it was unlocked: lock again for a new one");
    }
    return this.#cell;
  }
}

/** The right to read and to replace what a lock protects. */
export abstract class ExclusiveGuard<T> extends Guard<T> {
  // The getter is here once more because a class that has only the setter would hide it.
  override get value(): T {
    return this.cell.value;
  }

  override set value(value: T) {
    this.cell.value = value;
  }
}

/** Waits for permits and makes a guard of them. */
export class Locking<G> extends Future<G> {
  readonly #guard: (permit: Permit) => G;
  #acquire: Future<Permit> | undefined;

  constructor(acquire: Future<Permit>, guard: (permit: Permit) => G) {
    super();
    this.#acquire = acquire;
    this.#guard = guard;
  }

  poll(cx: Context): Poll<G> {
    if (this.#acquire === undefined) throw new PolledAfterReady("a wait for a lock");
    const permit = this.#acquire.poll(cx);
    if (permit === Pending) return Pending;
    this.#acquire = undefined;
    return this.#guard(permit);
  }

  override drop(): void {
    this.#acquire?.drop();
    this.#acquire = undefined;
  }
}
