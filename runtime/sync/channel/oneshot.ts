import type { Context } from "../../core/context.ts";
import { Closed, Misuse, PolledAfterReady, SendFailed } from "../../core/errors.ts";
import { Future } from "../../core/future.ts";
import { Pending, type Poll } from "../../core/poll.ts";
import { storeWaker, type Waker } from "../../core/waker.ts";
import { WaitList } from "../wait_list.ts";
import { type Waiters, WaitUntil } from "./wait_until.ts";

/** What the two ends share. */
class Cell<T> {
  value: Poll<T> = Pending;
  /** Whether the sender has sent or given up. */
  sealed = false;
  /** Whether the receiver takes nothing that is not there already. */
  closed = false;
  readonly waiters: Waiters = new WaitList();
  #waker: Waker | undefined;

  wait(waker: Waker): void {
    this.#waker = storeWaker(this.#waker, waker);
  }

  /** The sender has nothing more to say. */
  seal(): void {
    this.sealed = true;
    this.#wakeReceiver();
  }

  /** The receiver wants nothing more. */
  close(): void {
    this.closed = true;
    this.waiters.notifyAll();
    this.#wakeReceiver();
  }

  /** Nobody will receive any more: whatever is held for that is given back. */
  discard(): void {
    this.value = Pending;
    this.#waker?.drop();
    this.#waker = undefined;
    this.close();
  }

  #wakeReceiver(): void {
    const waker = this.#waker;
    this.#waker = undefined;
    waker?.wake();
  }
}

/** The end of a {@link oneshot} channel that gives the value. */
export class OneshotSender<T> {
  #cell: Cell<T>;
  #sent = false;

  constructor(cell: Cell<T>) {
    this.#cell = cell;
  }

  /** Whether a value could no longer be sent: the receiver is gone, or this end is closed. */
  get isClosed(): boolean {
    return this.#cell.closed || this.#cell.sealed;
  }

  /**
   * Sends the value, without waiting: the receiver takes it when it likes.
   *
   * @throws {SendFailed} with the value, when the receiver is gone or this end was closed
   * @throws {Misuse} when a value was sent already
   */
  send(value: T): void {
    if (this.#sent) throw new Misuse("Cannot send twice through a oneshot channel: make a new one");
    if (this.isClosed) throw new SendFailed("the oneshot channel", value);
    this.#sent = true;
    this.#cell.value = value;
    this.#cell.seal();
  }

  /**
   * Waits until the receiver is gone: closed, dropped, or at its end.
   *
   * Cancel safety: safe.
   */
  closed(): Future<void> {
    const cell = this.#cell;
    return new WaitUntil(cell.waiters, "closed()", () => cell.closed ? undefined : Pending);
  }

  /** Gives up without sending, so that the receiver gets `Closed`; after `send` it is a no-op. */
  close(): void {
    this.#cell.seal();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The end of a {@link oneshot} channel that takes the value: itself a future of it.
 *
 * Cancel safety: a wait for it is the receiver itself, so whoever drops the wait drops the
 * receiver, and a value inside with it.
 *
 * @throws {Closed} when the sender was closed without sending, or this end before it did
 * @throws {PolledAfterReady} when it has given its value, or its error, or was dropped
 */
export class OneshotReceiver<T> extends Future<T> {
  #cell: Cell<T>;
  #spent = false;

  constructor(cell: Cell<T>) {
    super();
    this.#cell = cell;
  }

  poll(cx: Context): Poll<T> {
    const polled = this.tryRecv();
    if (polled === Pending) this.#cell.wait(cx.waker);
    return polled;
  }

  /** Takes the value if it is there, `Pending` otherwise; errors are those of the wait. */
  tryRecv(): Poll<T> {
    if (this.#spent) throw new PolledAfterReady("a oneshot receiver");
    const { value, sealed, closed } = this.#cell;
    if (value === Pending && !sealed && !closed) return Pending;
    this.drop();
    if (value === Pending) throw new Closed("the oneshot channel");
    return value;
  }

  /** Refuses what was not sent yet; a value that is there already can still be received. */
  close(): void {
    this.#cell.close();
  }

  override drop(): void {
    this.#spent = true;
    this.#cell.discard();
  }
}

/**
 * A channel for one value, from one task to another.
 *
 * An end that is no longer needed should be closed (`using` does it), so that the other side does
 * not wait for ever.
 *
 * @example An answer to a question
 * ```ts
 * import { blockOn, oneshot, spawn } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const answer = await blockOn(function* () {
 *   const [sender, receiver] = oneshot<number>();
 *   spawn(function* () {
 *     sender.send(42);
 *   });
 *   return yield* receiver;
 * });
 * assertEquals(answer, 42);
 * ```
 */
export function oneshot<T>(): [OneshotSender<T>, OneshotReceiver<T>] {
  const cell = new Cell<T>();
  return [new OneshotSender(cell), new OneshotReceiver(cell)];
}
