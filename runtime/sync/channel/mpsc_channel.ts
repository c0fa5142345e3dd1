import { Ring } from "../../collections/ring.ts";
import { SendFailed } from "../../core/errors.ts";
import { End, type Item, Pending, type Poll } from "../../core/poll.ts";
import type { Waker } from "../../core/waker.ts";
import { WaitList } from "../wait_list.ts";
import type { Inbox } from "./recv_wait.ts";
import type { Waiters } from "./wait_until.ts";

/**
 * What the ends of an mpsc channel share: the values, the slots and those who wait.
 *
 * A slot is free, promised (to a permit, or to a send that was woken to use it) or filled. A slot
 * that becomes free goes to whoever has waited longest at that moment, so while anybody waits none
 * is free, and one who comes meanwhile cannot overtake. After the close the counts mean nothing:
 * no slot can be filled.
 */
export class MpscChannel<T> implements Inbox {
  readonly #values = new Ring<T>();
  #free: number;
  #promised = 0;
  #senders = 1;
  #closed = false;
  receiving: unknown;
  #waker: Waker | undefined;
  /** Those who want a slot; they are notified when they have one, and when the channel closes. */
  readonly wanting: Waiters = new WaitList();
  /** Those who wait for the close. */
  readonly watching: Waiters = new WaitList();

  constructor(readonly capacity: number) {
    this.#free = capacity;
  }

  get length(): number {
    return this.#values.length;
  }

  /** Whether the receiver has closed it. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether a value could still come: from a sender, a permit, or a send that has begun. */
  get expecting(): boolean {
    return !this.#closed && this.#senders + this.#promised + this.wanting.length > 0;
  }

  /** Promises a free slot to the caller, who has to fill or to return it; false if there is none. */
  claim(): boolean {
    if (this.#free === 0) return false;
    this.#free--;
    this.#promised++;
    return true;
  }

  /** Puts a value into the caller's slot. */
  fill(value: T): void {
    if (this.#closed) throw new SendFailed("the channel", value);
    this.#promised--;
    this.#values.push(value);
    this.#wakeReceiver();
  }

  /** The caller does not need its slot. */
  giveBack(): void {
    this.#promised--;
    this.#release();
    this.#settle();
  }

  /** The oldest value, `Pending` if none is there yet, `End` if none can come. */
  take(): Poll<Item<T>> {
    if (this.#values.length === 0) return this.expecting ? Pending : End;
    const value = this.#values.shift() as T;
    this.#release();
    return value;
  }

  addSender(): void {
    this.#senders++;
  }

  removeSender(): void {
    this.#senders--;
    this.#settle();
  }

  /** Refuses everything that was not sent yet. */
  close(): void {
    this.#closed = true;
    this.wanting.notifyAll();
    this.watching.notifyAll();
    this.#wakeReceiver();
  }

  wait(waker: Waker): void {
    this.#waker = waker.clone();
  }

  forget(): void {
    this.receiving = undefined;
    this.#waker?.drop();
    this.#waker = undefined;
  }

  /** A slot has become free. */
  #release(): void {
    const next = this.wanting.first;
    if (next === undefined) {
      this.#free++;
    } else {
      this.#promised++;
      next.notify();
    }
  }

  /** One who might have sent is gone: the receiver has to know if it was the last. */
  #settle(): void {
    if (!this.expecting) this.#wakeReceiver();
  }

  #wakeReceiver(): void {
    const waker = this.#waker;
    this.#waker = undefined;
    waker?.wake();
  }
}
