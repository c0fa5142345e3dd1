import { budgetSpent, type Context } from "../core/context.ts";
import type { Item, Poll } from "../core/poll.ts";

/**
 * What a stream draws from: several values that will be there later, obtained by polling.
 *
 * A poll answers the next item, `End`, or `Pending`; after `Pending` the source has kept the waker
 * of that poll and uses it when polling again is worthwhile. It keeps what it has begun to make
 * between two polls, so that whoever stops waiting in between loses nothing.
 *
 * The stream around it takes care of the rest: after `End` or an error the source is polled no
 * more and dropped at once, and in any case it is dropped exactly once.
 *
 * @example A source written by hand
 * ```ts
 * import { blockOn, End, type Item, Items, Stream } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * class Countdown extends Items<number> {
 *   constructor(private left: number) {
 *     super();
 *   }
 *   pollNext(): Item<number> {
 *     return this.left === 0 ? End : this.left--;
 *   }
 * }
 *
 * const even = new Stream(new Countdown(6)).filter((n) => n % 2 === 0);
 * assertEquals(await blockOn(even.collect()), [6, 4, 2]);
 * ```
 */
export abstract class Items<T> {
  /** Answers the next item or `End`, or keeps `cx.waker` and answers `Pending`. */
  abstract pollNext(cx: Context): Poll<Item<T>>;

  /** Gives up: whatever the source holds is given back before this returns. */
  drop(): void {}

  [Symbol.dispose](): void {
    this.drop();
  }
}

/** A source that makes its items from those of another. */
export abstract class Adapter<T, U> extends Items<U> {
  constructor(protected readonly upstream: Items<T>) {
    super();
  }

  override drop(): void {
    this.upstream.drop();
  }
}

/**
 * Spends one await on an item that ends no poll, such as one that is left out. True when none was
 * left: the task has been woken, and the poll must answer `Pending` so that others may run.
 */
export function mustPause(cx: Context): boolean {
  if (!budgetSpent()) return false;
  cx.waker.wakeByRef();
  return true;
}

/** @throws {RangeError} when `count` is not a whole number from `least` up */
export function assertCount(count: number, least: number): void {
  if (!Number.isInteger(count) || count < least) {
    throw new RangeError(`Expected a whole number of items from ${least} up, got ${count}`);
  }
}
