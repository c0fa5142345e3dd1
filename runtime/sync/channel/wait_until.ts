import type { Context } from "../../core/context.ts";
import { PolledAfterReady } from "../../core/errors.ts";
import { Future } from "../../core/future.ts";
import { Pending, type Poll } from "../../core/poll.ts";
import type { WaitList, WaitNode } from "../wait_list.ts";

/** Those who wait until something is so: nothing is known of them but that they wait. */
export type Waiters = WaitList<void>;

/**
 * Attempts something at each poll and stands in a list while it is `Pending`.
 *
 * Whoever may have changed the answer notifies the whole list. A wake promises nothing, so one
 * that is dropped has nothing to pass on.
 */
export class WaitUntil<T> extends Future<T> {
  #list: Waiters;
  #attempt: () => Poll<T>;
  #name: string;
  #node: WaitNode<void> | undefined;
  #spent = false;

  constructor(list: Waiters, name: string, attempt: () => Poll<T>) {
    super();
    this.#list = list;
    this.#name = name;
    this.#attempt = attempt;
  }

  poll(cx: Context): Poll<T> {
    if (this.#spent) throw new PolledAfterReady(this.#name);
    this.#spent = true; // also when the attempt throws
    const polled = this.#attempt();
    if (polled !== Pending) {
      this.#node?.leave();
      return polled;
    }
    this.#spent = false;
    if (this.#node?.waiting) this.#node.refresh(cx.waker);
    else this.#node = this.#list.join(undefined, cx.waker);
    return Pending;
  }

  override drop(): void {
    this.#spent = true;
    this.#node?.leave();
  }
}
