import type { Context } from "../core/context.ts";
import { Future } from "../core/future.ts";
import type { Poll } from "../core/poll.ts";

class ByRef<T> extends Future<T> {
  #future: Future<T>;

  constructor(future: Future<T>) {
    super();
    this.#future = future;
  }

  poll(cx: Context): Poll<T> {
    return this.#future.poll(cx);
  }
}

/**
 * Waits for `future` without owning it: dropping the wait leaves the future as it is, to be waited
 * for again. So one that loses a `select` keeps what it has done so far.
 *
 * Whoever made the future drops it, when it is no longer wanted.
 *
 * Cancel safety: safe.
 *
 * @example One deadline over many rounds
 * ```ts
 * import { blockOn, byRef, pause, select, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const rounds = await blockOn(function* () {
 *   pause();
 *   using deadline = sleep(20);
 *   for (let rounds = 0;; rounds++) {
 *     const { key } = yield* select({ deadline: byRef(deadline), tick: sleep(3) });
 *     if (key === "deadline") return rounds;
 *   }
 * });
 * assertEquals(rounds, 6);
 * ```
 */
export function byRef<T>(future: Future<T>): Future<T> {
  return new ByRef(future);
}
