import { Closed, Lagged, SendFailed } from "../../core/errors.ts";
import type { Future } from "../../core/future.ts";
import { End, type Item, Pending, type Poll } from "../../core/poll.ts";
import { BroadcastLog } from "./broadcast_log.ts";
import { RecvWait } from "./recv_wait.ts";
import { SharedInbox } from "./shared_inbox.ts";

/**
 * An end of a {@link broadcast} channel that gives values to all receivers; there can be many.
 *
 * The receivers come to their end when every sender is closed, so close each (`using` does it).
 */
export class BroadcastSender<T> {
  #log: BroadcastLog<T>;
  #open = true;

  constructor(log: BroadcastLog<T>) {
    this.#log = log;
  }

  /** How many receivers are open. */
  get receiverCount(): number {
    return this.#log.receivers;
  }

  /** How many values are kept because a receiver has still to see them. */
  get length(): number {
    return this.#log.kept;
  }

  /** Whether this sender is closed. */
  get isClosed(): boolean {
    return !this.#open;
  }

  /**
   * Sends `value` to every receiver there is and answers how many that are. It never waits: a
   * receiver that is `capacity` values behind loses its oldest.
   *
   * @throws {SendFailed} with the value, when there is no receiver or this sender is closed
   */
  send(value: T): number {
    const { receivers } = this.#log;
    if (!this.#open || receivers === 0) throw new SendFailed("the broadcast channel", value);
    this.#log.push(value);
    return receivers;
  }

  /**
   * A receiver of everything that is sent from now on.
   *
   * @throws {Closed} when this sender is closed
   */
  subscribe(): BroadcastReceiver<T> {
    this.#assertOpen();
    return new BroadcastReceiver(this.#log);
  }

  /**
   * Another sender to the same receivers, to be closed for itself.
   *
   * @throws {Closed} when this one is closed
   */
  clone(): BroadcastSender<T> {
    this.#assertOpen();
    this.#log.senders++;
    return new BroadcastSender(this.#log);
  }

  /** This sender will send nothing more; once more is a no-op. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (--this.#log.senders === 0) this.#log.waiters.notifyAll();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #assertOpen(): void {
    if (!this.#open) throw new Closed("the broadcast sender");
  }
}

/**
 * An end of a {@link broadcast} channel that sees every value sent since it was made.
 *
 * What it has not seen is kept for it, so close one that is no longer needed (`using` does it).
 */
export class BroadcastReceiver<T> {
  #log: BroadcastLog<T>;
  #inbox: SharedInbox;
  #recv: RecvWait<Item<T>> | undefined;
  /** The number of the value to be seen next. */
  #next: number;
  #open = true;

  constructor(log: BroadcastLog<T>) {
    this.#log = log;
    this.#inbox = new SharedInbox(log.waiters);
    this.#next = log.end;
    log.receivers++;
  }

  /** How many values were sent that it has not seen, lost ones included. */
  get length(): number {
    return this.#open ? this.#log.end - this.#next : 0;
  }

  /** Whether nothing more will be sent to it; what was sent before can still be received. */
  get isClosed(): boolean {
    return !this.#open || this.#log.senders === 0;
  }

  /**
   * Receives the oldest value that is still kept for it; `End` when all senders are closed and it
   * has seen everything, or when it is closed itself.
   *
   * A future that has given its value is begun again by the next call. Whoever keeps it beyond
   * its value holds that call's.
   *
   * Cancel safety: safe; a value is taken by the poll that gives it, never before.
   *
   * @throws {Lagged} once, with how many values it missed; the next call goes on behind the gap
   * @throws {Busy} when another task waits for a value of the same receiver
   */
  recv(): Future<Item<T>> {
    if (this.#recv?.idle) return this.#recv.begin();
    return this.#recv = new RecvWait(this.#inbox, "a recv()", () => this.tryRecv());
  }

  /**
   * Takes what {@link recv} would, without waiting: `Pending` when nothing is there yet.
   *
   * @throws {Lagged} as {@link recv}
   */
  tryRecv(): Poll<Item<T>> {
    if (!this.#open) return End;
    const missed = this.#log.catchUp(this.#next) - this.#next;
    if (missed > 0) {
      this.#next += missed;
      throw new Lagged(missed);
    }
    if (this.length === 0) return this.#log.senders === 0 ? End : Pending;
    return this.#log.see(this.#next++);
  }

  /**
   * Another receiver, of everything that is sent from now on.
   *
   * @throws {Closed} when this one is closed
   */
  resubscribe(): BroadcastReceiver<T> {
    if (!this.#open) throw new Closed("the broadcast receiver");
    return new BroadcastReceiver(this.#log);
  }

  /** Receives nothing more, and holds nothing back; once more is a no-op. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#log.leave(this.#next);
    this.#inbox.wake();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * A channel from many senders to many receivers: each receiver sees every value that is sent after
 * it subscribed.
 *
 * Sending never waits. The last `capacity` values are kept until all have seen them; a receiver
 * that falls further behind loses the oldest, and is told how many.
 *
 * @throws {RangeError} when `capacity` is not a whole number from 1 up
 *
 * @example A slow receiver is told what it missed
 * ```ts
 * import { blockOn, broadcast, Lagged } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const seen = await blockOn(function* () {
 *   const [sender, receiver] = broadcast<string>(2);
 *   for (const word of ["one", "two", "three"]) sender.send(word);
 *   try {
 *     yield* receiver.recv();
 *   } catch (error) {
 *     if (!(error instanceof Lagged)) throw error;
 *     return [error.missed, yield* receiver.recv(), yield* receiver.recv()];
 *   }
 * });
 * assertEquals(seen, [1, "two", "three"]);
 * ```
 */
export function broadcast<T>(capacity: number): [BroadcastSender<T>, BroadcastReceiver<T>] {
  if (!Number.isInteger(capacity) || capacity < 1) {
    throw new RangeError(`Expected a whole number from 1 up as capacity, got ${capacity}`);
  }
  const log = new BroadcastLog<T>(capacity);
  return [new BroadcastSender(log), new BroadcastReceiver(log)];
}
