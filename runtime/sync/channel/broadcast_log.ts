import { WaitList } from "../wait_list.ts";
import type { Waiters } from "./wait_until.ts";

/**
 * The values last sent, `capacity` at most, and how many receivers have still to see each.
 *
 * Every value has a number, counted from 0, and lies in the slot of its number modulo the
 * capacity. A receiver is no more than the number of the value it sees next. A slot is cleared
 * when the last receiver has seen it, so nothing is kept alive that nobody will see.
 */
export class BroadcastLog<T> {
  readonly #capacity: number;
  #values: (T | undefined)[] = [];
  #unseen: number[] = [];
  #end = 0;
  /** How many senders are open. */
  senders = 1;
  /** How many receivers are open. */
  receivers = 0;
  /** Receivers who wait for the next value, or for the end. */
  readonly waiters: Waiters = new WaitList();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The number that the next value will have. */
  get end(): number {
    return this.#end;
  }

  push(value: T): void {
    const slot = this.#end % this.#capacity;
    this.#values[slot] = value;
    this.#unseen[slot] = this.receivers;
    this.#end++;
    this.waiters.notifyAll();
  }

  /** Where a receiver goes on that wanted to see `next`: further on, if that was overwritten. */
  catchUp(next: number): number {
    return Math.max(next, this.#end - this.#capacity);
  }

  /** The value numbered `next`, for one receiver; it must have been sent, and not overwritten. */
  see(next: number): T {
    const slot = next % this.#capacity;
    const value = this.#values[slot] as T;
    this.#seen(slot);
    return value;
  }

  /** A receiver that would have seen `next` will see nothing more. */
  leave(next: number): void {
    this.receivers--;
    for (let i = this.catchUp(next); i < this.#end; i++) this.#seen(i % this.#capacity);
  }

  #seen(slot: number): void {
    if (--this.#unseen[slot] === 0) this.#values[slot] = undefined;
  }
}
