import type { Waker } from "../../core/waker.ts";
import type { WaitNode } from "../wait_list.ts";
import type { Inbox } from "./recv_wait.ts";
import type { Waiters } from "./wait_until.ts";

/** The inbox of one of many receivers, all of whom are woken when something is sent. */
export class SharedInbox implements Inbox {
  receiving: unknown;
  #list: Waiters;
  #node: WaitNode<void> | undefined;

  constructor(list: Waiters) {
    this.#list = list;
  }

  wait(waker: Waker): void {
    this.#node = this.#list.join(undefined, waker);
  }

  forget(): void {
    this.receiving = undefined;
    this.#node?.leave();
    this.#node = undefined;
  }

  /** Wakes this receiver alone. */
  wake(): void {
    if (this.#node?.waiting) this.#node.notify();
  }
}
