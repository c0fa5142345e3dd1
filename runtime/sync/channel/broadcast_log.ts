import { WaitList } from "../wait_list.ts";
import type { Waiters } from "./wait_until.ts";

interface Slot<T> {
  readonly value: T;
  /** How many receivers have still to see it. */
  unseen: number;
}

/**
 * The values last sent, `capacity` at most, and how many receivers have still to see each.
 *
 * Every value has a number, counted from 0, and lies in the slot of its number modulo the
 * capacity. A receiver is no more than the number of the value it sees next. A slot is cleared
 * when the last receiver has seen it, so nothing is kept alive that nobody will see.
 */
export class BroadcastLog<T> {
  readonly #capacity: number;
  #slots: (Slot<T> | undefined)[] = [];
  #end = 0;
  #kept = 0;
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

  /** How many values somebody has still to see. */
  get kept(): number {
    return this.#kept;
  }

  push(value: T): void {
    const place = this.#end % this.#capacity;
    if (this.#slots[place] === undefined) this.#kept++;
    this.#slots[place] = { value, unseen: this.receivers };
    this.#end++;
    this.waiters.notifyAll();
  }

  /** Where a receiver goes on that wanted to see `next`: further on, if that was overwritten. */
  catchUp(next: number): number {
    return Math.max(next, this.#end - this.#capacity);
  }

  /** The value numbered `next`, for one receiver; it must have been sent, and not overwritten. */
  see(next: number): T {
    const place = next % this.#capacity;
    const slot = this.#slots[place]!;
    if (--slot.unseen === 0) {
      this.#slots[place] = undefined;
      this.#kept--;
    }
    return slot.value;
  }

  /** A receiver that would have seen `next` will see nothing more. */
  leave(next: number): void {
    this.receivers--;
    for (let i = this.catchUp(next); i < this.#end; i++) this.see(i);
  }
}
