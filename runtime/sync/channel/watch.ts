import { Closed, SendFailed } from "../../core/errors.ts";
import type { Future } from "../../core/future.ts";
import { Pending, type Poll } from "../../core/poll.ts";
import { WaitList } from "../wait_list.ts";
import { RecvWait } from "./recv_wait.ts";
import { SharedInbox } from "./shared_inbox.ts";
import { type Waiters, WaitUntil } from "./wait_until.ts";

/** What the ends share: the latest value, and how many came before it. */
class Cell<T> {
  version = 0;
  receivers = 0;
  /** Whether the sender is closed. */
  closed = false;
  /** Receivers who wait for a change. */
  readonly waiters: Waiters = new WaitList();
  /** Those who wait until the last receiver is gone. */
  readonly watching: Waiters = new WaitList();

  constructor(public value: T) {}
}

/** The end of a {@link watch} channel that changes the value. */
export class WatchSender<T> {
  #cell: Cell<T>;

  constructor(cell: Cell<T>) {
    this.#cell = cell;
  }

  /** How many receivers are open. */
  get receiverCount(): number {
    return this.#cell.receivers;
  }

  /** Whether it is closed. */
  get isClosed(): boolean {
    return this.#cell.closed;
  }

  /** The latest value. */
  borrow(): T {
    return this.#cell.value;
  }

  /**
   * Makes `value` the latest and wakes all who wait for a change, even if it is the same as before.
   * Without receivers it is kept for those who subscribe later.
   *
   * @throws {SendFailed} with the value, when this end is closed
   */
  send(value: T): void {
    const cell = this.#cell;
    if (cell.closed) throw new SendFailed("the watch channel", value);
    cell.value = value;
    cell.version++;
    cell.waiters.notifyAll();
  }

  /**
   * Sends what `change` makes of the latest value: a new one, or the same one changed in place.
   *
   * @throws {Closed} when this end is closed
   */
  modify(change: (value: T) => T): void {
    this.#assertOpen();
    this.send(change(this.#cell.value));
  }

  /**
   * Sends what `change` makes of the latest value unless it is the very same (`Object.is`);
   * answers whether it did.
   *
   * @throws {Closed} when this end is closed
   */
  sendIfModified(change: (value: T) => T): boolean {
    this.#assertOpen();
    const before = this.#cell.value;
    const value = change(before);
    if (Object.is(value, before)) return false;
    this.send(value);
    return true;
  }

  /**
   * A receiver that has seen the latest value, and waits for the next.
   *
   * @throws {Closed} when this end is closed
   */
  subscribe(): WatchReceiver<T> {
    this.#assertOpen();
    return new WatchReceiver(this.#cell);
  }

  /**
   * Waits until there is no receiver.
   *
   * Cancel safety: safe.
   */
  closed(): Future<void> {
    const cell = this.#cell;
    const attempt = () => cell.receivers === 0 ? undefined : Pending;
    return new WaitUntil(cell.watching, "closed()", attempt);
  }

  /** The value will not change any more; once more is a no-op. */
  close(): void {
    if (this.#cell.closed) return;
    this.#cell.closed = true;
    this.#cell.waiters.notifyAll();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #assertOpen(): void {
    if (this.#cell.closed) throw new Closed("the watch channel");
  }
}

/** An end of a {@link watch} channel that sees the latest value. */
export class WatchReceiver<T> {
  #cell: Cell<T>;
  #inbox: SharedInbox;
  /** The version it saw last. */
  #seen: number;
  #open = true;

  constructor(cell: Cell<T>, seen = cell.version) {
    this.#cell = cell;
    this.#inbox = new SharedInbox(cell.waiters);
    this.#seen = seen;
    cell.receivers++;
  }

  /** Whether the value will not change any more for it: the sender is closed, or this end. */
  get isClosed(): boolean {
    return !this.#open || this.#cell.closed;
  }

  /** The latest value, without counting it as seen. */
  borrow(): T {
    return this.#cell.value;
  }

  /** The latest value, which is seen now. */
  borrowAndUpdate(): T {
    this.#seen = this.#cell.version;
    return this.#cell.value;
  }

  /** Whether there is a value that it has not seen. */
  hasChanged(): boolean {
    return this.#seen !== this.#cell.version;
  }

  /**
   * Waits for a value that it has not seen, which counts as seen then. Of several that were sent
   * meanwhile there is only the latest.
   *
   * Cancel safety: safe; a change that a dropped wait was woken for is still unseen.
   *
   * @throws {Closed} when the sender is closed and everything is seen, or when this end is closed
   * @throws {Busy} when another task waits on the same receiver
   */
  changed(): Future<void> {
    return new RecvWait(this.#inbox, "changed()", () => this.#noticeChange());
  }

  /**
   * Waits for a value that `predicate` accepts, beginning with the latest, and answers it. Every
   * value it looks at counts as seen; it does not get to see those that were overtaken.
   *
   * Cancel safety: safe.
   *
   * @throws {Closed} when the sender is closed and its last value is not accepted, or when this end
   * is closed
   * @throws {Busy} when another task waits on the same receiver
   * @throws what `predicate` throws
   */
  waitFor(predicate: (value: T) => boolean): Future<T> {
    return new RecvWait(this.#inbox, "waitFor()", () => this.#tryValue(predicate));
  }

  /**
   * Another receiver that has seen as much as this one.
   *
   * @throws {Closed} when this one is closed
   */
  clone(): WatchReceiver<T> {
    if (!this.#open) throw new Closed("the watch receiver");
    return new WatchReceiver(this.#cell, this.#seen);
  }

  /** Waits for nothing more; once more is a no-op. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (--this.#cell.receivers === 0) this.#cell.watching.notifyAll();
    this.#inbox.wake();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #noticeChange(): Poll<void> {
    if (!this.#open) throw new Closed("the watch receiver");
    if (!this.hasChanged()) return this.#pendingOrClosed();
    this.#seen = this.#cell.version;
  }

  #tryValue(predicate: (value: T) => boolean): Poll<T> {
    if (!this.#open) throw new Closed("the watch receiver");
    const value = this.borrowAndUpdate();
    return predicate(value) ? value : this.#pendingOrClosed();
  }

  #pendingOrClosed(): typeof Pending {
    if (this.#cell.closed) throw new Closed("the watch channel");
    return Pending;
  }
}

/**
 * A channel that holds one value, the latest: for what is asked for now and then, and for those who
 * want to know that it has changed. Values that are overtaken before anybody looks are not seen.
 *
 * The receiver has seen the initial value.
 *
 * @example Wait until a setting is as it should be
 * ```ts
 * import { blockOn, spawn, watch } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const found = await blockOn(function* () {
 *   const [sender, receiver] = watch(0);
 *   spawn(function* () {
 *     for (let i = 1; i <= 3; i++) sender.send(i);
 *   });
 *   return yield* receiver.waitFor((value) => value >= 2);
 * });
 * assertEquals(found, 3);
 * ```
 */
export function watch<T>(initial: T): [WatchSender<T>, WatchReceiver<T>] {
  const cell = new Cell(initial);
  return [new WatchSender(cell), new WatchReceiver(cell)];
}
