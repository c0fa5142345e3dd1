import { storeWaker, type Waker } from "../core/waker.ts";

/** One place in a wait list; `leave` is the undo of the `join` that made it. */
export class WaitNode<T> {
  before: WaitNode<T> | undefined;
  after: WaitNode<T> | undefined;
  #list: WaitList<T> | undefined;
  #waker: Waker;

  constructor(list: WaitList<T>, readonly value: T, waker: Waker) {
    this.#list = list;
    this.#waker = waker.clone();
  }

  /** Whether it still stands in the list. */
  get waiting(): boolean {
    return this.#list !== undefined;
  }

  /** The future was polled again while it waits, perhaps by another task. */
  refresh(waker: Waker): void {
    this.#waker = storeWaker(this.#waker, waker);
  }

  /**
   * Leaves the list. False when it had been notified: then the caller holds what it was given,
   * and if it has no use for it, must pass it on to the next.
   */
  leave(): boolean {
    const list = this.#list;
    if (list === undefined) return false;
    list.unlink(this);
    this.#list = undefined;
    this.#waker.drop();
    return true;
  }

  /** Takes it out of the list and wakes it. */
  notify(): void {
    this.#list?.unlink(this);
    this.#list = undefined;
    this.#waker.wake();
  }
}

/**
 * Those who wait, first come, first served.
 *
 * Joining and leaving are O(1), so that a wait can be cancelled from the middle.
 */
export class WaitList<T> {
  #first: WaitNode<T> | undefined;
  #last: WaitNode<T> | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The one who has waited longest. */
  get first(): WaitNode<T> | undefined {
    return this.#first;
  }

  /** Stands at the end; the node is how to leave again. */
  join(value: T, waker: Waker): WaitNode<T> {
    const node = new WaitNode(this, value, waker);
    node.before = this.#last;
    if (this.#last === undefined) this.#first = node;
    else this.#last.after = node;
    this.#last = node;
    this.#length++;
    return node;
  }

  /** Notifies everyone who waits now, and not those who join meanwhile. */
  notifyAll(): void {
    for (let left = this.#length; left > 0; left--) this.#first?.notify();
  }

  /** For the list's own nodes. */
  unlink(node: WaitNode<T>): void {
    if (node.before === undefined) this.#first = node.after;
    else node.before.after = node.after;
    if (node.after === undefined) this.#last = node.before;
    else node.after.before = node.before;
    node.before = node.after = undefined;
    this.#length--;
  }
}
