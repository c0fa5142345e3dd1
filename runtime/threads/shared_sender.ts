import type { Context } from "../core/context.ts";
import { Full, PolledAfterReady, SendFailed } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import type { Waker } from "../core/waker.ts";
import { WaitList, type WaitNode } from "../sync/wait_list.ts";
import { Bell } from "./bell.ts";
import { ChannelMemory, ChannelWord } from "./channel_memory.ts";
import type { SenderTicket } from "./shared_receiver.ts";

/** A sending end: made on any thread from a ticket that came there. */
export class SharedSender<T> {
  #memory: ChannelMemory;
  #bell: Bell;
  #bit: number;
  #waiters = new WaitList<undefined>();
  #closed = false;

  constructor(ticket: SenderTicket) {
    this.#memory = new ChannelMemory(ticket);
    this.#bit = 1 << ticket.index;
    this.#bell = new Bell(ticket.port, () => this.#rung());
  }

  /** Whether the receiver is gone. */
  get isClosed(): boolean {
    return this.#closed || this.#memory.get(ChannelWord.ReceiverGone) !== 0;
  }

  /**
   * Sends one message, and waits while there is no room.
   *
   * Cancel safety: safe; a dropped send has sent nothing.
   *
   * @throws {SendFailed} when the receiver is gone
   * @throws {NotPortable} when the codec cannot write it
   */
  send(value: T): Future<void> {
    return new Send(this, [value]);
  }

  /**
   * Sends messages in their order, as room comes.
   *
   * Cancel safety: a dropped one may have sent some of them, the first ones.
   *
   * @throws {SendFailed} when the receiver is gone
   * @throws {NotPortable} when the codec cannot write one
   */
  sendAll(values: readonly T[]): Future<void> {
    return new Send(this, values);
  }

  /**
   * Sends now or not at all.
   *
   * @throws {Full} when there is no room
   * @throws {SendFailed} when the receiver is gone
   * @throws {NotPortable} when the codec cannot write it
   */
  trySend(value: T): void {
    if (!this.push(value)) throw new Full("the channel", value);
    this.ring();
  }

  /** Sends nothing more. When all senders are closed, the receiver gets `End`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#memory.shared.add(ChannelWord.Senders, -1);
    this.ring();
    this.#bell.close();
    this.#waiters.notifyAll();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** For the owner of a thread that has ended: the receiver there will not close any more. */
  receiverLost(): void {
    this.#memory.set(ChannelWord.ReceiverGone, 1);
    this.close();
  }

  /** For its waits: writes without ringing; false when there is no room. */
  push(value: T): boolean {
    if (this.isClosed) throw new SendFailed("the channel", value);
    return this.#memory.push(value);
  }

  /** For its waits: tells the receiver, if it waits. */
  ring(): void {
    if (this.#memory.get(ChannelWord.ReceiverWaits) === 0) return;
    if (this.#memory.shared.exchange(ChannelWord.ReceiverWaits, 0) === 1) {
      this.#bell.ring();
    }
  }

  /** For its waits: a place among those who are rung when there is room. */
  join(waker: Waker): WaitNode<undefined> {
    this.#memory.mark(ChannelWord.SendersWait, this.#bit);
    this.#bell.keepAlive(true);
    return this.#waiters.join(undefined, waker);
  }

  #rung(): void {
    this.#waiters.notifyAll();
    this.#bell.keepAlive(false);
  }
}

class Send<T> extends Future<void> {
  #sender: SharedSender<T>;
  #values: readonly T[];
  #sent = 0;
  #node: WaitNode<undefined> | undefined;
  #spent = false;

  constructor(sender: SharedSender<T>, values: readonly T[]) {
    super();
    this.#sender = sender;
    this.#values = values;
  }

  poll(cx: Context): Poll<void> {
    if (this.#spent) throw new PolledAfterReady("a channel's send()");
    if (this.#node?.waiting) {
      this.#node.refresh(cx.waker);
      return Pending;
    }
    if (this.#push()) return;
    this.#node = this.#sender.join(cx.waker);
    if (!this.#push()) return Pending;
    this.#node.leave();
  }

  override drop(): void {
    this.#spent = true;
    this.#node?.leave();
  }

  #push(): boolean {
    const before = this.#sent;
    const { length } = this.#values;
    while (this.#sent < length && this.#sender.push(this.#values[this.#sent])) this.#sent++;
    if (this.#sent > before) this.#sender.ring();
    return this.#spent = this.#sent === length;
  }
}
