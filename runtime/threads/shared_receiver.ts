import type { Context } from "../core/context.ts";
import { Busy, PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { End, type Item, Pending, type Poll } from "../core/poll.ts";
import { storeWaker, type Waker } from "../core/waker.ts";
import { type Bell, makeBell } from "./bell.ts";
import {
  type ChannelMemory,
  type ChannelTicket,
  ChannelWord,
  NO_MESSAGE,
} from "./channel_memory.ts";

/** What makes a sender on another thread: post it with `[ticket.port]` as the transfer list. */
export interface SenderTicket extends ChannelTicket {
  readonly port: MessagePort;
  readonly index: number;
}

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

  /** For the owner of a thread that has ended: none of its senders will send or close any more. */
  sendersLost(): void {
    this.#memory.set(ChannelWord.Senders, 0);
    for (const bell of this.#bells) bell.close();
    this.#bells = [];
    this.#waker?.wakeByRef();
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
      if ((bits & 1) !== 0) this.#bells[index]?.ring();
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
