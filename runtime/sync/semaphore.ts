import type { Context } from "../core/context.ts";
import { Closed, Misuse, PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { WaitList, type WaitNode } from "./wait_list.ts";

/**
 * Some of a semaphore's permits, held until they are released.
 *
 * Every permit is an owned one: it may be kept, handed to another task and released there, also
 * when nobody else refers to the semaphore any more.
 */
export class Permit {
  #semaphore: Semaphore;
  #count: number;

  constructor(semaphore: Semaphore, count: number) {
    this.#semaphore = semaphore;
    this.#count = count;
  }

  /** How many it holds; 0 once they were given away. */
  get count(): number {
    return this.#count;
  }

  /** Gives the permits back; once more is a no-op. */
  release(): void {
    this.#semaphore.addPermits(this.#giveAway(this.#count));
  }

  /** Lets go of the permits without giving them back: the semaphore has that many fewer. */
  forget(): void {
    this.#giveAway(this.#count);
  }

  /**
   * Parts with `count` of its permits: they are the new permit's.
   *
   * @throws {RangeError} when `count` is not a whole number from 0 up, or more than it holds
   */
  split(count: number): Permit {
    assertPermits(count);
    if (count > this.#count) {
      throw new RangeError(`Expected at most ${this.#count} permits to split off, got ${count}`);
    }
    return new Permit(this.#semaphore, this.#giveAway(count));
  }

  /**
   * Takes over what `other` holds, which is left with none.
   *
   * @throws {Misuse} when `other` is of another semaphore
   */
  merge(other: Permit): void {
    if (other.#semaphore !== this.#semaphore) {
      throw new Misuse("Cannot merge permits of two semaphores: release each by itself");
    }
    const count = other.#giveAway(other.#count); // before the sum: `other` may be this one
    this.#count += count;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #giveAway(count: number): number {
    this.#count -= count;
    return count;
  }
}

/**
 * A fixed number of permits, handed out in the order of asking.
 *
 * A large request at the head of the queue holds back smaller ones behind it, so that it is never
 * overtaken for ever. Permits go to the waiter at the moment of release: one who comes meanwhile
 * cannot take them.
 *
 * @example At most two at once
 * ```ts
 * import { blockOn, scope, Semaphore, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * let running = 0, most = 0;
 * await blockOn(function* () {
 *   const semaphore = new Semaphore(2);
 *   yield* scope(function* (s) {
 *     for (let i = 0; i < 5; i++) {
 *       s.spawn(function* () {
 *         using _permit = yield* semaphore.acquire();
 *         most = Math.max(most, ++running);
 *         yield* sleep(1);
 *         running--;
 *       });
 *     }
 *   });
 * });
 * assertEquals(most, 2);
 * ```
 */
export class Semaphore {
  #available: number;
  #waiters = new WaitList<Acquire>();
  #closed = false;

  /** @throws {RangeError} when `permits` is not a whole number from 0 up */
  constructor(permits: number) {
    assertPermits(permits);
    this.#available = permits;
  }

  /** How many permits nobody holds. */
  get available(): number {
    return this.#available;
  }

  /** How many acquisitions stand in the queue. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /** Whether {@link close} was called. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Waits for one permit.
   *
   * Cancel safety: safe, but a dropped wait loses its place; permits that were on their way to it
   * go to the next.
   *
   * @throws {Closed} when the semaphore is closed
   */
  acquire(): Future<Permit> {
    return new Acquire(this, this.#waiters, 1);
  }

  /**
   * Waits for `count` permits together; otherwise as {@link acquire}.
   *
   * @throws {RangeError} when `count` is not a whole number from 0 up
   */
  acquireMany(count: number): Future<Permit> {
    assertPermits(count);
    return new Acquire(this, this.#waiters, count);
  }

  /**
   * Takes permits that can be had at once without overtaking anybody; `undefined` otherwise.
   *
   * @throws {Closed} when the semaphore is closed
   */
  tryAcquire(count = 1): Permit | undefined {
    assertPermits(count);
    if (this.#closed) throw new Closed("the semaphore");
    if (this.#waiters.length > 0 || this.#available < count) return undefined;
    this.#available -= count;
    return new Permit(this, count);
  }

  /** Adds permits, beyond the first number if that is what you want, and hands them on. */
  addPermits(count: number): void {
    assertPermits(count);
    this.#available += count;
    for (let next = this.#waiters.first; next !== undefined; next = this.#waiters.first) {
      const wanted = next.value.count;
      if (this.#available < wanted) return;
      this.#available -= wanted;
      next.value.granted = true;
      next.notify();
    }
  }

  /**
   * Takes up to `count` permits that nobody holds away for good.
   *
   * @returns how many that were
   * @throws {RangeError} when `count` is not a whole number from 0 up
   */
  forgetPermits(count: number): number {
    assertPermits(count);
    const forgotten = Math.min(count, this.#available);
    this.#available -= forgotten;
    return forgotten;
  }

  /** Ends every wait, now and later, with `Closed`. Permits that are held stay valid. */
  close(): void {
    this.#closed = true;
    this.#waiters.notifyAll();
  }
}

class Acquire extends Future<Permit> {
  #semaphore: Semaphore;
  #waiters: WaitList<Acquire>;
  #node: WaitNode<Acquire> | undefined;
  #spent = false;
  /** Whether the permits were set aside for it. */
  granted = false;

  constructor(semaphore: Semaphore, waiters: WaitList<Acquire>, readonly count: number) {
    super();
    this.#semaphore = semaphore;
    this.#waiters = waiters;
  }

  poll(cx: Context): Poll<Permit> {
    if (this.#spent) throw new PolledAfterReady("a semaphore's acquire()");
    const node = this.#node;
    if (node === undefined) return this.#begin(cx);
    if (node.waiting) {
      node.refresh(cx.waker);
      return Pending;
    }
    this.#spent = true;
    if (!this.granted) throw new Closed("the semaphore");
    return new Permit(this.#semaphore, this.count);
  }

  override drop(): void {
    if (this.#spent || this.#node === undefined) return;
    this.#spent = true;
    this.#node.leave();
    // Even one that was not granted any: it may have been a large request that held back others.
    this.#semaphore.addPermits(this.granted ? this.count : 0);
  }

  #begin(cx: Context): Poll<Permit> {
    const permit = this.#semaphore.tryAcquire(this.count);
    if (permit === undefined) {
      this.#node = this.#waiters.join(this, cx.waker);
      return Pending;
    }
    this.#spent = true;
    return permit;
  }
}

function assertPermits(count: number): void {
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`Expected a whole number of permits from 0 up, got ${count}`);
  }
}
