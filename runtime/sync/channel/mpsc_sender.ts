import type { Context } from "../../core/context.ts";
import { Closed, Full, PolledAfterReady, SendFailed } from "../../core/errors.ts";
import { Future } from "../../core/future.ts";
import { Pending, type Poll } from "../../core/poll.ts";
import type { WaitNode } from "../wait_list.ts";
import type { MpscChannel } from "./mpsc_channel.ts";
import { SendPermit } from "./send_permit.ts";
import { WaitUntil } from "./wait_until.ts";

/**
 * An end of an {@link mpsc} channel that gives values; there can be many.
 *
 * The receiver comes to its end when every sender is closed, so close each (`using` does it).
 */
export class Sender<T> {
  #channel: MpscChannel<T>;
  #open = true;

  constructor(channel: MpscChannel<T>) {
    this.#channel = channel;
  }

  /** How many values fit; `Infinity` when the channel is unbounded. */
  get capacity(): number {
    return this.#channel.capacity;
  }

  /** How many values were sent and not received yet. */
  get length(): number {
    return this.#channel.length;
  }

  /** Whether a send would fail: the receiver has closed, or this sender is closed. */
  get isClosed(): boolean {
    return !this.#open || this.#channel.closed;
  }

  /** Whether the two send to the same receiver. */
  sameChannel(other: Sender<T>): boolean {
    return this.#channel === other.#channel;
  }

  /**
   * Sends `value`, as soon as there is room; those who wait are served in the order of asking.
   *
   * A wait that has begun goes on when its sender is closed meanwhile.
   *
   * Cancel safety: safe; a send that is dropped has sent nothing, but loses its place. A slot that
   * was on its way to it goes to the next.
   *
   * @throws {SendFailed} with the value, when the receiver is gone or this sender is closed
   */
  send(value: T): Future<void> {
    return new SlotWait(this, this.#channel, SENDING, value);
  }

  /**
   * Sends `value` if that is possible without waiting and without overtaking anybody.
   *
   * @throws {Full} with the value, when there is no room
   * @throws {SendFailed} with the value, when the receiver is gone or this sender is closed
   */
  trySend(value: T): void {
    if (this.isClosed) throw new SendFailed("the channel", value);
    if (!this.#channel.claim()) throw new Full("the channel", value);
    this.#channel.fill(value);
  }

  /**
   * Waits for room, as {@link send} does, before there is a value.
   *
   * A slot that was reserved keeps the channel from ending, so use or release it.
   *
   * Cancel safety: safe, as {@link send}.
   *
   * @throws {Closed} when the receiver is gone or this sender is closed
   */
  reserve(): Future<SendPermit<T>> {
    return new SlotWait<T, undefined, SendPermit<T>>(this, this.#channel, RESERVING, undefined);
  }

  /**
   * Waits until the receiver is gone: then nothing that is sent would be received.
   *
   * Cancel safety: safe.
   */
  closed(): Future<void> {
    const channel = this.#channel;
    return new WaitUntil(channel.watching, "closed()", () => channel.closed ? undefined : Pending);
  }

  /**
   * Another sender to the same receiver, to be closed for itself.
   *
   * @throws {Closed} when this one is closed
   */
  clone(): Sender<T> {
    if (!this.#open) throw new Closed("the sender");
    this.#channel.addSender();
    return new Sender(this.#channel);
  }

  /** This sender will send nothing more; once more is a no-op. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#channel.removeSender();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What a slot is wanted for, and the error when there will be none. */
interface Purpose<T, V, R> {
  use(channel: MpscChannel<T>, value: V): R;
  refuse(value: V): Closed;
}

const SENDING = {
  use: <T>(channel: MpscChannel<T>, value: T): void => channel.fill(value),
  refuse: (value: unknown) => new SendFailed("the channel", value),
};

const RESERVING = {
  use: <T>(channel: MpscChannel<T>) => new SendPermit(channel),
  refuse: () => new Closed("the channel"),
};

/**
 * Waits for a slot and uses it.
 *
 * There is one for every send, so it is made cheap: a class for each purpose, beneath a common
 * one, cost 8 ns a send more than a purpose that is handed in.
 */
class SlotWait<T, V, R> extends Future<R> {
  #sender: Sender<T>;
  #channel: MpscChannel<T>;
  #purpose: Purpose<T, V, R>;
  #value: V;
  #node: WaitNode<void> | undefined;
  #spent = false;

  constructor(sender: Sender<T>, channel: MpscChannel<T>, purpose: Purpose<T, V, R>, value: V) {
    super();
    this.#sender = sender;
    this.#channel = channel;
    this.#purpose = purpose;
    this.#value = value;
  }

  poll(cx: Context): Poll<R> {
    if (this.#spent) throw new PolledAfterReady("a wait to send");
    const granted = this.#node === undefined ? this.#begin(cx) : this.#goOn(this.#node, cx);
    if (!granted) return Pending;
    this.#spent = true;
    return this.#purpose.use(this.#channel, this.#value);
  }

  override drop(): void {
    if (this.#spent) return;
    this.#spent = true;
    if (this.#node?.leave() === false) this.#channel.giveBack();
  }

  #begin(cx: Context): boolean {
    if (this.#sender.isClosed) this.#refuse();
    if (this.#channel.claim()) return true;
    this.#node = this.#channel.wanting.join(undefined, cx.waker);
    return false;
  }

  #goOn(node: WaitNode<void>, cx: Context): boolean {
    if (node.waiting) node.refresh(cx.waker);
    else if (this.#channel.closed) this.#refuse();
    return !node.waiting;
  }

  #refuse(): never {
    this.#spent = true;
    throw this.#purpose.refuse(this.#value);
  }
}
