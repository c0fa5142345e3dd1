import type { Context } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { WaitList, type WaitNode } from "./wait_list.ts";

/**
 * Tells tasks that something happened, without saying what.
 *
 * `notifyOne` wakes the one who has waited longest; when nobody waits it is remembered, once, for
 * the next. `notifyAll` wakes everyone who waits now and is not remembered.
 *
 * @example
 * ```ts
 * import { blockOn, Notify, spawn } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: string[] = [];
 * await blockOn(function* () {
 *   const bell = new Notify();
 *   const listener = spawn(function* () {
 *     yield* bell.notified();
 *     seen.push("heard");
 *   });
 *   seen.push("rings");
 *   bell.notifyOne();
 *   yield* listener;
 * });
 * assertEquals(seen, ["rings", "heard"]);
 * ```
 */
export class Notify {
  #bell: Bell = { waiters: new WaitList(), stored: false, rounds: 0 };

  /**
   * Waits for a notification; from this call on no `notifyAll` is missed, although the wait itself begins
   * with the first poll.
   *
   * Cancel safety: safe; a notification that was on its way to a dropped wait goes to the next,
   * but the wait loses its place.
   */
  notified(): Future<void> {
    return new Notified(this, this.#bell);
  }

  /** Wakes one waiter, or lets the next one pass. */
  notifyOne(): void {
    const next = this.#bell.waiters.first;
    if (next === undefined) {
      this.#bell.stored = true;
    } else {
      next.value.chosen = true;
      next.notify();
    }
  }

  /** Wakes all who wait now. */
  notifyAll(): void {
    this.#bell.rounds++;
    this.#bell.waiters.notifyAll();
  }
}

/** What a `Notify` shares with its waits. */
interface Bell {
  readonly waiters: WaitList<Notified>;
  /** Whether a `notifyOne` found nobody and is kept for the next. */
  stored: boolean;
  /** How often all were notified. */
  rounds: number;
}

class Notified extends Future<void> {
  #notify: Notify;
  #bell: Bell;
  #node: WaitNode<Notified> | undefined;
  #spent = false;
  #round: number;
  /** Whether it was woken by `notifyOne`, which must not be lost. */
  chosen = false;

  constructor(notify: Notify, bell: Bell) {
    super();
    this.#notify = notify;
    this.#bell = bell;
    this.#round = bell.rounds;
  }

  poll(cx: Context): Poll<void> {
    if (this.#spent) throw new PolledAfterReady("notified()");
    if (this.#node === undefined && !this.#passes()) {
      this.#node = this.#bell.waiters.join(this, cx.waker);
      return Pending;
    }
    if (this.#node?.waiting) {
      this.#node.refresh(cx.waker);
      return Pending;
    }
    this.#spent = true;
  }

  override drop(): void {
    if (this.#spent) return;
    this.#spent = true;
    this.#node?.leave();
    if (this.chosen) this.#notify.notifyOne();
  }

  /** Whether it was notified before its first poll; takes the notification that was kept. */
  #passes(): boolean {
    if (this.#bell.rounds !== this.#round) return true;
    const { stored } = this.#bell;
    this.#bell.stored = false;
    return stored;
  }
}
