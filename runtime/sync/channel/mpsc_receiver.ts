import type { Context } from "../../core/context.ts";
import { Busy, PolledAfterReady } from "../../core/errors.ts";
import { Future } from "../../core/future.ts";
import { End, type Item, Pending, type Poll } from "../../core/poll.ts";
import type { MpscChannel } from "./mpsc_channel.ts";

/** The end of an {@link mpsc} channel that takes the values. */
export class Receiver<T> {
  #channel: MpscChannel<T>;
  #recv: Recv<T> | undefined;

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
    if (!this.#recv?.idle) this.#recv = new Recv(this.#channel);
    return this.#recv.begin();
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
    return new RecvMany(this.#channel, into, limit).begin();
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
}

/** Takes from the channel once something is there. */
abstract class TakeWait<T, R> extends Future<R> {
  protected readonly channel: MpscChannel<T>;
  #idle = true;

  constructor(channel: MpscChannel<T>) {
    super();
    this.channel = channel;
  }

  /** Whether it has given its value, or was dropped, and can be begun again. */
  get idle(): boolean {
    return this.#idle;
  }

  begin(): this {
    this.#idle = false;
    return this;
  }

  protected abstract attempt(): Poll<R>;

  poll(cx: Context): Poll<R> {
    if (this.#idle) throw new PolledAfterReady("a recv()");
    const { channel } = this;
    this.#idle = true;
    if (channel.receiving !== undefined && channel.receiving !== this) throw new Busy("a recv()");
    const polled = this.attempt();
    if (polled !== Pending) {
      if (channel.receiving === this) channel.forget();
      return polled;
    }
    this.#idle = false;
    channel.receiving = this;
    channel.wait(cx.waker);
    return Pending;
  }

  override drop(): void {
    this.#idle = true;
    if (this.channel.receiving === this) this.channel.forget();
  }
}

class Recv<T> extends TakeWait<T, Item<T>> {
  protected attempt(): Poll<Item<T>> {
    return this.channel.take();
  }
}

class RecvMany<T> extends TakeWait<T, number> {
  #into: T[];
  #limit: number;

  constructor(channel: MpscChannel<T>, into: T[], limit: number) {
    super(channel);
    this.#into = into;
    this.#limit = limit;
  }

  protected attempt(): Poll<number> {
    let taken = 0;
    for (; taken < this.#limit; taken++) {
      const item = this.channel.take();
      if (item === End) break;
      if (item === Pending) return taken > 0 ? taken : Pending;
      this.#into.push(item);
    }
    return taken;
  }
}
