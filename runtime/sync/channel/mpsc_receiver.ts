import type { Future } from "../../core/future.ts";
import { End, type Item, Pending, type Poll } from "../../core/poll.ts";
import type { MpscChannel } from "./mpsc_channel.ts";
import { RecvWait } from "./recv_wait.ts";

/** The end of an {@link mpsc} channel that takes the values. */
export class Receiver<T> {
  #channel: MpscChannel<T>;
  #recv: RecvWait<Item<T>> | undefined;

  constructor(channel: MpscChannel<T>) {
    this.#channel = channel;
  }

  /** How many values can be received at once. */
  get length(): number {
    return this.#channel.length;
  }

  /** Whether nothing more will be sent; what was sent before can still be received. */
  get isClosed(): boolean {
    return !this.#channel.expecting;
  }

  /**
   * Receives the oldest value; `End` when all senders are closed, or this end, and nothing is left.
   *
   * A new future for every value would show in the throughput, so one that has given its value is
   * begun again by the next call. Whoever keeps it beyond its value holds that call's.
   *
   * Cancel safety: safe; a value is taken by the poll that gives it, never before.
   *
   * @throws {Busy} when another task waits for a value
   */
  recv(): Future<Item<T>> {
    if (this.#recv?.idle) return this.#recv.begin();
    const channel = this.#channel;
    return this.#recv = new RecvWait(channel, "a recv()", () => channel.take());
  }

  /**
   * Waits for a value, then takes all that are there, `limit` at most, to the end of `into`.
   * Answers how many; 0 where {@link recv} would answer `End`.
   *
   * Cancel safety: safe, as {@link recv}.
   *
   * @throws {RangeError} when `limit` is not a whole number from 1 up
   * @throws {Busy} when another task waits for a value
   */
  recvMany(into: T[], limit: number): Future<number> {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`Expected a whole number of values from 1 up, got ${limit}`);
    }
    return new RecvWait(this.#channel, "a recvMany()", () => this.#takeMany(into, limit));
  }

  /** Takes the oldest value without waiting: `Pending` when none is there yet, `End` as above. */
  tryRecv(): Poll<Item<T>> {
    return this.#channel.take();
  }

  /**
   * Refuses what was not sent yet: those who wait to send get their values back, and a permit is
   * worth nothing. What was sent can still be received.
   */
  close(): void {
    this.#channel.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #takeMany(into: T[], limit: number): Poll<number> {
    for (let taken = 0; taken < limit; taken++) {
      const item = this.#channel.take();
      if (item === End) return taken;
      if (item === Pending) return taken > 0 ? taken : Pending;
      into.push(item);
    }
    return limit;
  }
}
