import { Ring } from "../collections/ring.ts";
import type { Context, Loop } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { type RawWakerVTable, storeWaker, Waker } from "../core/waker.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import { dropAll } from "./drop_all.ts";

const CHILD_WAKER: RawWakerVTable<Child<unknown>> = {
  clone() {},
  wake: (child) => child.wake(child),
  wakeByRef: (child) => child.wake(child),
  drop() {},
};

/** One future of the set. It is the context of its own polls, so that a wake names it. */
class Child<T> implements Context {
  readonly waker: Waker = Waker.fromRaw(this as Child<unknown>, CHILD_WAKER);
  loop!: Loop; // set before each poll
  queued = true;

  constructor(readonly future: Future<T>, readonly wake: (child: Child<unknown>) => void) {}
}

/**
 * Many futures that run inside one task and are taken in the order in which they finish.
 *
 * Each has a waker of its own: a wake polls the future it is for and no other, so a thousand that
 * wait cost nothing. They begin at the next poll of the set, first in, first out. More may be added
 * at any time.
 *
 * The design, a queue of the woken ones under wakers that know their future, is that of Rust's
 * `futures` package.
 *
 * @example
 * ```ts
 * import { blockOn, End, FuturesUnordered, pause, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const order = await blockOn(function* () {
 *   pause(); // time is what the deadlines say
 *   using naps = new FuturesUnordered<number>();
 *   for (const milliseconds of [20, 1, 10]) {
 *     naps.push(function* () {
 *       yield* sleep(milliseconds);
 *       return milliseconds;
 *     });
 *   }
 *   const order = [];
 *   for (let nap = yield* naps.next(); nap !== End; nap = yield* naps.next()) order.push(nap);
 *   return order;
 * });
 * assertEquals(order, [1, 10, 20]);
 * ```
 */
export class FuturesUnordered<T> {
  #children = new Set<Child<T>>();
  #woken = new Ring<Child<T>>();
  #waker: Waker | undefined;

  constructor(bodies: Iterable<Spawnable<T>> = []) {
    for (const body of bodies) this.push(body);
  }

  /** How many have not finished. */
  get size(): number {
    return this.#children.size;
  }

  /** Adds one; it begins when the set is polled next. */
  push(body: Spawnable<T>): void {
    const child: Child<T> = new Child(
      intoFuture(body),
      this.#wake as (child: Child<unknown>) => void,
    );
    this.#children.add(child);
    this.#enqueue(child);
  }

  /**
   * The value of one that has finished, or `End` when none is left. More may be added after that.
   *
   * Cancel safety: safe; what has finished is not taken by a dropped wait.
   *
   * @throws whatever the one that finished threw; the others stay
   */
  next(): Future<Item<T>> {
    return new Next(this);
  }

  /** As `next`, for futures that are written by hand. It polls each future once at most. */
  pollNext(cx: Context): Poll<Item<T>> {
    for (let left = this.#woken.length; left > 0; left--) {
      const child = this.#woken.shift()!;
      if (!this.#children.has(child)) continue;
      const polled = this.#poll(child, cx);
      if (polled !== Pending) return polled;
    }
    return this.#rest(cx);
  }

  /**
   * Polls each future that was woken, once, and tells of each error. `End` when none is left. For
   * those who want all of them: a loop over `pollNext` would poll the ones that wake themselves
   * again and again before any other task has its turn.
   */
  pollWoken(cx: Context, onError: (error: unknown) => void): Poll<typeof End> {
    for (let left = this.#woken.length; left > 0; left--) {
      const child = this.#woken.shift()!;
      if (!this.#children.has(child)) continue;
      try {
        this.#poll(child, cx);
      } catch (error) {
        onError(error);
      }
    }
    return this.#rest(cx);
  }

  /** Nobody waits any more; for futures that are written by hand, when they are dropped. */
  forgetWaker(): void {
    this.#waker?.drop();
    this.#waker = undefined;
  }

  /** Drops all that have not finished, oldest first. Whoever waits learns that it is the end. */
  drop(): void {
    const futures = [...this.#children].map((child) => child.future);
    this.#children.clear();
    this.#tell();
    dropAll(futures);
  }

  [Symbol.dispose](): void {
    this.drop();
  }

  #rest(cx: Context): Poll<typeof End> {
    if (this.#children.size === 0) return End;
    this.#waker = storeWaker(this.#waker, cx.waker);
    if (this.#woken.length > 0) this.#tell(); // those that woke themselves get a turn later
    return Pending;
  }

  #poll(child: Child<T>, cx: Context): Poll<T> {
    child.queued = false;
    child.loop = cx.loop;
    let finished = true;
    try {
      const polled = child.future.poll(child);
      finished = polled !== Pending;
      return polled;
    } finally {
      if (finished) this.#children.delete(child);
    }
  }

  #wake = (child: Child<T>): void => {
    if (child.queued || !this.#children.has(child)) return;
    this.#enqueue(child);
  };

  #enqueue(child: Child<T>): void {
    child.queued = true;
    this.#woken.push(child);
    this.#tell();
  }

  /** Once is enough until the next poll. */
  #tell(): void {
    const waker = this.#waker;
    this.#waker = undefined;
    waker?.wake();
  }
}

class Next<T> extends Future<Item<T>> {
  #set: FuturesUnordered<T>;
  #waits = false;
  #spent = false;

  constructor(set: FuturesUnordered<T>) {
    super();
    this.#set = set;
  }

  poll(cx: Context): Poll<Item<T>> {
    if (this.#spent) throw new PolledAfterReady("next()");
    this.#waits = false;
    this.#spent = true;
    const polled = this.#set.pollNext(cx);
    if (polled === Pending) {
      this.#waits = true;
      this.#spent = false;
    }
    return polled;
  }

  override drop(): void {
    if (this.#waits) this.#set.forgetWaker();
    this.#waits = false;
  }
}
