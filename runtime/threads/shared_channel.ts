/**
 * Channels between threads.
 *
 * Messages are written into a ring of shared memory by any number of senders, and read by one
 * receiver. Nobody is told of a message as long as the receiver is busy: it says in a word when it
 * waits, and the sender who finds that word set takes it back and rings, by a message on a port.
 * So a batch costs one ring, whatever driver the receiver's runtime has: the platform delivers
 * the ring, and the waker ends the driver's rest. Who waits sets the word first and looks once
 * more afterwards; who sends writes first and looks at the word afterwards: no ring is lost. In
 * the other direction a sender that finds the ring full sets its bit, and is rung when half is free.
 */

import type { Context } from "../core/context.ts";
import { Busy, Full, PolledAfterReady, SendFailed } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { storeWaker, type Waker } from "../core/waker.ts";
import { WaitList, type WaitNode } from "../sync/wait_list.ts";
import { ChannelMemory, type ChannelTicket, ChannelWord, NO_MESSAGE } from "./channel_memory.ts";
import { Bell, makeBell } from "./bell.ts";
import type { CodecName } from "./codec.ts";

export interface SharedChannelOptions {
  /** The room for messages in bytes; the next power of two counts, 64 KiB by default. */
  readonly capacity?: number;
  /** `plain` for what portable tasks take, `json`, or `bytes` for `Uint8Array` alone. */
  readonly codec?: CodecName;
}

/** What makes a sender on another thread: post it with `[ticket.port]` as the transfer list. */
export interface SenderTicket extends ChannelTicket {
  readonly port: MessagePort;
  readonly index: number;
}

const DEFAULT_CAPACITY = 1 << 16;
const LEAST_CAPACITY = 1 << 10;
const MOST_CAPACITY = 1 << 30;
/** One bit of a word each. */
const MOST_SENDERS = 31;

/**
 * The receiving end; it stays on the thread that made the channel.
 *
 * @example Two threads; here both ends are on one
 * ```ts
 * import { blockOn, sharedChannel, SharedSender } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   using receiver = sharedChannel<string>();
 *   const ticket = receiver.ticket(); // worker.postMessage(ticket, [ticket.port])
 *   using sender = new SharedSender<string>(ticket);
 *   yield* sender.send("hello");
 *   assertEquals(yield* receiver.recv(), "hello");
 * });
 * ```
 */
export class SharedReceiver<T> {
  #memory: ChannelMemory;
  #bells: Bell[] = [];
  #waker: Waker | undefined;
  #closed = false;

  constructor(memory: ChannelMemory) {
    this.#memory = memory;
  }

  /**
   * What one sender needs. Each sender has a ticket of its own.
   *
   * @throws {Busy} when 31 tickets were made
   */
  ticket(): SenderTicket {
    if (this.#bells.length === MOST_SENDERS) throw new Busy("another sender");
    const [bell, port] = makeBell(() => this.#waker?.wakeByRef());
    const index = this.#bells.push(bell) - 1;
    this.#memory.shared.add(ChannelWord.Senders, 1);
    return { ...this.#memory.ticket, port, index };
  }

  /**
   * Waits for the next message; `End` when every sender is closed and nothing is left.
   *
   * Cancel safety: safe; a dropped wait has taken nothing.
   *
   * @throws {Busy} when another task waits already
   */
  recv(): Future<Item<T>> {
    return new Recv(this, () => this.tryRecv());
  }

  /**
   * Waits until there is a message and takes all that are there, up to `limit`: the cheap way under
   * load. `End` as for {@link recv}.
   *
   * Cancel safety: safe; a dropped wait has taken nothing.
   *
   * @throws {Busy} when another task waits already
   */
  recvMany(limit: number): Future<Item<T[]>> {
    return new Recv(this, () => this.#take(limit));
  }

  /** Takes a message that is there; `undefined` when none is, `End` when none will be. */
  tryRecv(): Item<T> | undefined {
    const over = this.#memory.get(ChannelWord.Senders) === 0;
    const value = this.#memory.pop();
    if (value === NO_MESSAGE) return over ? End : undefined;
    this.#announceRoom();
    return value as T;
  }

  /** Sends nothing more through: senders learn it, and what was not received is lost. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#memory.set(ChannelWord.ReceiverGone, 1);
    for (const bell of this.#bells) {
      bell.ring();
      bell.close();
    }
    this.forget();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** For its waits: the waker is kept until the next ring; false when there is something now. */
  await(waker: Waker): boolean {
    const other = this.#waker !== undefined && !this.#waker.willWake(waker);
    if (other) throw new Busy("a recv");
    this.#memory.set(ChannelWord.ReceiverWaits, 1);
    const ready = !this.#memory.isEmpty || this.#memory.get(ChannelWord.Senders) === 0;
    if (ready) return false;
    this.#waker = storeWaker(this.#waker, waker);
    for (const bell of this.#bells) bell.keepAlive(true);
    return true;
  }

  /** For its waits: nobody waits any more. */
  forget(): void {
    if (this.#waker === undefined) return;
    this.#waker.drop();
    this.#waker = undefined;
    if (!this.#closed) { for (const bell of this.#bells) bell.keepAlive(false); }
  }

  #take(limit: number): Item<T[]> | undefined {
    const over = this.#memory.get(ChannelWord.Senders) === 0;
    const values: T[] = [];
    while (values.length < limit) {
      const value = this.#memory.pop();
      if (value === NO_MESSAGE) break;
      values.push(value as T);
    }
    this.#announceRoom();
    if (values.length > 0) return values;
    return over ? End : undefined;
  }

  #announceRoom(): void {
    const memory = this.#memory;
    if (memory.get(ChannelWord.SendersWait) === 0 || !memory.hasRoom) return;
    let bits = memory.shared.exchange(ChannelWord.SendersWait, 0);
    for (let index = 0; bits !== 0; bits >>>= 1, index++) {
      if ((bits & 1) !== 0) this.#bells[index].ring();
    }
  }
}

class Recv<T, R> extends Future<R> {
  #receiver: SharedReceiver<T>;
  #take: () => R | undefined;
  #spent = false;
  #waits = false;

  constructor(receiver: SharedReceiver<T>, take: () => R | undefined) {
    super();
    this.#receiver = receiver;
    this.#take = take;
  }

  poll(cx: Context): Poll<R> {
    if (this.#spent) throw new PolledAfterReady("a channel's recv()");
    for (;;) {
      const taken = this.#take();
      if (taken !== undefined) {
        this.drop();
        return taken;
      }
      this.#waits = this.#receiver.await(cx.waker);
      if (this.#waits) return Pending;
    }
  }

  override drop(): void {
    this.#spent = true;
    if (this.#waits) this.#receiver.forget();
    this.#waits = false;
  }
}

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

/**
 * Makes a channel to this thread: its receiver, which makes a ticket for each sender.
 *
 * Bounded by bytes: a sender waits when the messages that were not received fill the room. A
 * message may take a quarter of it. A receive that waits keeps the process alive.
 *
 * @throws {RangeError} when the capacity is not from 1 KiB to 1 GiB
 */
export function sharedChannel<T>(options: SharedChannelOptions = {}): SharedReceiver<T> {
  const { capacity = DEFAULT_CAPACITY, codec = "plain" } = options;
  if (!(capacity >= LEAST_CAPACITY && capacity <= MOST_CAPACITY)) {
    throw new RangeError(
      `Expected a capacity from ${LEAST_CAPACITY} to ${MOST_CAPACITY} bytes, got ${capacity}`,
    );
  }
  return new SharedReceiver(ChannelMemory.create(2 ** Math.ceil(Math.log2(capacity)), codec));
}
