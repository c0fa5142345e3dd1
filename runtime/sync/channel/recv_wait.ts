import type { Context } from "../../core/context.ts";
import { Busy, PolledAfterReady } from "../../core/errors.ts";
import { Future } from "../../core/future.ts";
import { Pending, type Poll } from "../../core/poll.ts";
import type { Waker } from "../../core/waker.ts";

/** Where a receiver waits: one wait at a time. */
export interface Inbox {
  /** The wait that is going on. */
  receiving: unknown;
  /** Keeps the waker, to be used when there may be something. */
  wait(waker: Waker): void;
  /** Ends the wait; a waker that was not used is given back. */
  forget(): void;
}

/**
 * Attempts to receive, and waits in an inbox while the answer is `Pending`.
 *
 * What is received is taken by the poll that answers it, so a wait that is dropped, even one that
 * was woken, leaves it for the next.
 *
 * One that has given its value can be begun again, so that a receiver needs but one.
 */
export class RecvWait<T> extends Future<T> {
  #inbox: Inbox;
  #name: string;
  #attempt: () => Poll<T>;
  #idle = false;

  constructor(inbox: Inbox, name: string, attempt: () => Poll<T>) {
    super();
    this.#inbox = inbox;
    this.#name = name;
    this.#attempt = attempt;
  }

  /** Whether it has given its value, or was dropped, and can be begun again. */
  get idle(): boolean {
    return this.#idle;
  }

  begin(): this {
    this.#idle = false;
    return this;
  }

  poll(cx: Context): Poll<T> {
    if (this.#idle) throw new PolledAfterReady(this.#name);
    this.#idle = true; // also when the attempt throws
    const inbox = this.#inbox;
    if (inbox.receiving !== undefined) {
      if (inbox.receiving !== this) throw new Busy(this.#name);
      inbox.forget();
    }
    const polled = this.#attempt();
    if (polled !== Pending) return polled;
    this.#idle = false;
    inbox.receiving = this;
    inbox.wait(cx.waker);
    return Pending;
  }

  override drop(): void {
    this.#idle = true;
    if (this.#inbox.receiving === this) this.#inbox.forget();
  }
}
