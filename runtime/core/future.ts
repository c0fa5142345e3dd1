import { budgetSpent, type Context, currentContext, suspendIn, takeSuspension } from "./context.ts";
import { PolledAfterReady } from "./errors.ts";
import { isTakingOver, leftSoFar, undisturbed } from "./leftovers.ts";
import { Pending, type Poll } from "./poll.ts";

/**
 * A coroutine: a generator that waits with `yield*` and never yields a value.
 *
 * Write it as a generator function and let the type be inferred.
 */
export type Co<T> = Generator<void, T, void>;

/** What a waiting future yields through its coroutine, so that any other yield is noticed. */
export const SUSPENSION = Symbol("Suspension") as unknown as void;

/** What the iterator of a future answers as long as its coroutine has to wait. */
export const SUSPENDED: IteratorResult<void, never> = { done: false, value: SUSPENSION };

/**
 * A value that will be there later, obtained by polling.
 *
 * Nothing happens until somebody polls. A poll answers the value or `Pending`; after `Pending`
 * the future has kept the waker of that poll (the latest one only) and uses it when polling again
 * is worthwhile. Inside a coroutine `yield* future` is the await: a ready future does not suspend.
 *
 * A future is its own iterator, because `yield*` asks for one at every await: a fresh generator
 * there cost 26 to 43 ns an await where this cost 10 to 26.
 *
 * Dropping a future that has not finished gives back what it holds, at once.
 *
 * @example A future written by hand
 * ```ts
 * import { blockOn, type Context, Future, Pending, type Poll } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * class Countdown extends Future<string> {
 *   constructor(private left: number) {
 *     super();
 *   }
 *   poll(cx: Context): Poll<string> {
 *     if (this.left === 0) return "liftoff";
 *     this.left--;
 *     cx.waker.wakeByRef();
 *     return Pending;
 *   }
 * }
 *
 * assertEquals(await blockOn(new Countdown(3)), "liftoff");
 * ```
 */
export abstract class Future<T> {
  /** Answers the value, or keeps `cx.waker` and answers `Pending`. */
  abstract poll(cx: Context): Poll<T>;

  /** Gives up: whatever the future holds is given back before this returns. */
  drop(): void {}

  [Symbol.dispose](): void {
    this.drop();
  }

  /** What a report calls it. */
  toString(): string {
    return this.constructor.name;
  }

  [Symbol.iterator](): Iterator<void, T, void> {
    return this;
  }

  /** One step of `yield*`; suspends a ready task, too, when its budget is used up. */
  next(): IteratorResult<void, T> {
    const cx = currentContext();
    if (budgetSpent()) {
      cx.waker.wakeByRef();
      return SUSPENDED;
    }
    // In a finally block of a drop, what is polled is not being dropped itself.
    const polled = isTakingOver() ? undisturbed(() => this.poll(cx)) : this.poll(cx);
    if (polled === Pending) {
      suspendIn(this);
      return SUSPENDED;
    }
    takeSuspension(); // what it held is not waited for any more
    return { done: true, value: polled };
  }

  /**
   * The coroutine that waits here is being dropped: so is this future. When that leaves shielded
   * work behind, the finally blocks around it wait, and this is called once more.
   */
  return(value: T): IteratorResult<void, T> {
    const before = leftSoFar();
    this.drop();
    return leftSoFar() > before ? SUSPENDED : { done: true, value };
  }
}

class Ready<T> extends Future<T> {
  #spent = false;
  constructor(readonly value: T) {
    super();
  }
  poll(): Poll<T> {
    if (this.#spent) throw new PolledAfterReady("ready()");
    this.#spent = true;
    return this.value;
  }
}

class Never extends Future<never> {
  poll(): typeof Pending {
    return Pending;
  }
}

class PollFn<T> extends Future<T> {
  #step: ((cx: Context) => Poll<T>) | undefined;
  constructor(step: (cx: Context) => Poll<T>) {
    super();
    this.#step = step;
  }
  poll(cx: Context): Poll<T> {
    if (this.#step === undefined) throw new PolledAfterReady("pollFn()");
    const polled = this.#step(cx);
    if (polled !== Pending) this.#step = undefined;
    return polled;
  }
}

/**
 * A future that is ready with `value` at its first poll.
 *
 * Cancel safety: dropped before it, the value goes with it.
 *
 * @throws {PolledAfterReady} at its second
 */
export function ready<T>(value: T): Future<T> {
  return new Ready(value);
}

/**
 * A future that is never ready and never wakes: only dropping ends the wait for it.
 *
 * Cancel safety: safe; nothing is held.
 */
export function pending(): Future<never> {
  return new Never();
}

/**
 * A future from a function that is called at each poll. The function owns the contract: `Pending`
 * only after it has seen to a later wake.
 *
 * Cancel safety: as the function's; it is not told of a drop, so what it keeps it keeps outside.
 *
 * @throws {PolledAfterReady} when it is polled after it gave its value
 *
 * @example Ready at the third poll
 * ```ts
 * import { blockOn, Pending, pollFn } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * let polls = 0;
 * const third = pollFn((cx) => {
 *   if (++polls === 3) return polls;
 *   cx.waker.wakeByRef();
 *   return Pending;
 * });
 * assertEquals(await blockOn(third), 3);
 * ```
 */
export function pollFn<T>(step: (cx: Context) => Poll<T>): Future<T> {
  return new PollFn(step);
}
