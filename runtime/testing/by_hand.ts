import { Context, refillBudget } from "../core/context.ts";
import type { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { countingWaker, type WakeCount } from "../core/waker.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import { ManualLoop } from "./manual_loop.ts";

/**
 * A future in the test's hands: poll, look, let something happen, look again.
 *
 * Its loop has no engine: timers fire and spawned tasks run when the test calls `loop.advance` or
 * `loop.runAll`.
 *
 * @example A sleep, step by step
 * ```ts
 * import { sleep } from "wakeful/runtime";
 * import { byHand } from "wakeful/testing";
 * import { assert, assertFalse } from "@std/assert";
 *
 * const nap = byHand(() => sleep(10));
 * nap.assertPending();
 * nap.loop.advance(9);
 * assertFalse(nap.wasWoken());
 * nap.loop.advance(1);
 * assert(nap.wasWoken());
 * nap.assertReady();
 * ```
 */
export class ByHand<T> {
  readonly future: Future<T>;
  readonly loop: ManualLoop;
  /** What each poll is given. */
  readonly context: Context;
  #count: WakeCount;
  #seen = 0;

  constructor(body: Spawnable<T>, loop: ManualLoop) {
    const { waker, count } = countingWaker();
    this.loop = loop;
    this.#count = count;
    this.context = new Context(waker, loop);
    this.future = loop.inside(() => intoFuture(body));
  }

  pollOnce(): Poll<T> {
    this.#seen = this.#count.wakes;
    refillBudget();
    return this.future.poll(this.context);
  }

  /** Whether it was woken since the last poll began. */
  wasWoken(): boolean {
    return this.wakes > 0;
  }

  /** How often it was woken since the last poll began. */
  get wakes(): number {
    return this.#count.wakes - this.#seen;
  }

  /** How many handles of its waker somebody keeps: none once it is ready or dropped. */
  get wakersKept(): number {
    return this.#count.handles - 1;
  }

  /** Polls. @throws {Error} when it is ready */
  assertPending(): void {
    if (this.pollOnce() !== Pending) throw new Error("Expected the future to be pending");
  }

  /** Polls, and answers the value. @throws {Error} when it is pending */
  assertReady(): T {
    const polled = this.pollOnce();
    if (polled === Pending) throw new Error("Expected the future to be ready, it is pending");
    return polled;
  }

  drop(): void {
    this.loop.inside(() => this.future.drop());
  }
}

/** Takes a future, or what makes one, into the test's hands; on a loop of its own by default. */
export function byHand<T>(body: Spawnable<T>, loop: ManualLoop = new ManualLoop()): ByHand<T> {
  return new ByHand(body, loop);
}

/** Polls once, with a waker that does nothing, on a loop of its own. */
export function pollOnce<T>(future: Future<T>): Poll<T> {
  return byHand(future).pollOnce();
}
