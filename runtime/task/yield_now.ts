import type { Context } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";

class YieldNow extends Future<void> {
  #polls = 0;
  poll(cx: Context): Poll<void> {
    if (this.#polls === 2) throw new PolledAfterReady("yieldNow()");
    if (this.#polls++ === 1) return undefined;
    cx.waker.wakeByRef();
    return Pending;
  }
}

/**
 * Lets every other task that is ready run once, then goes on.
 *
 * Cancel safety: safe; nothing is held.
 */
export function yieldNow(): Future<void> {
  return new YieldNow();
}
