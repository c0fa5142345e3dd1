import { CancellationToken } from "../cancel/cancellation_token.ts";
import type { Future } from "../core/future.ts";
import type { Item } from "../core/poll.ts";
import type { SharedReceiver } from "../threads/shared_receiver.ts";
import type { SharedSender } from "../threads/shared_sender.ts";

/**
 * A thread as the function sees it that runs there: its first argument.
 *
 * `I` are the messages that its owner sends, `O` those that it sends itself: plain data, as for
 * `sharedChannel`.
 */
export class ThreadSelf<I, O> {
  /** Cancelled when the owner wants the function to come to its end. */
  readonly stopping: CancellationToken = new CancellationToken();
  #inbox: SharedReceiver<I>;
  #outbox: SharedSender<O>;

  /** For the thread's own beginning. */
  constructor(readonly name: string, inbox: SharedReceiver<I>, outbox: SharedSender<O>) {
    this.#inbox = inbox;
    this.#outbox = outbox;
  }

  /**
   * Waits for the next message of the owner; `End` when the owner is gone and nothing is left.
   *
   * Cancel safety: safe; a dropped wait has taken nothing.
   *
   * @throws {Busy} when another task waits already
   */
  recv(): Future<Item<I>> {
    return this.#inbox.recv();
  }

  /**
   * Waits until there is a message and takes all that are there, up to `limit`. `End` as for
   * {@link recv}.
   *
   * Cancel safety: safe; a dropped wait has taken nothing.
   *
   * @throws {Busy} when another task waits already
   */
  recvMany(limit: number): Future<Item<I[]>> {
    return this.#inbox.recvMany(limit);
  }

  /**
   * Sends a message to the owner, and waits while there is no room.
   *
   * Cancel safety: safe; a dropped send has sent nothing.
   *
   * @throws {SendFailed} when the owner is gone
   * @throws {NotPortable} when it is not plain, or too long
   */
  send(message: O): Future<void> {
    return this.#outbox.send(message);
  }

  /**
   * Sends messages in their order, as room comes.
   *
   * Cancel safety: a dropped one may have sent some of them, the first ones.
   *
   * @throws {SendFailed} when the owner is gone
   * @throws {NotPortable} when one is not plain, or too long
   */
  sendAll(messages: readonly O[]): Future<void> {
    return this.#outbox.sendAll(messages);
  }

  /**
   * Sends now or not at all.
   *
   * @throws {Full} when there is no room
   * @throws {SendFailed} when the owner is gone
   * @throws {NotPortable} when it is not plain, or too long
   */
  trySend(message: O): void {
    this.#outbox.trySend(message);
  }

  /** For the thread's own end. */
  close(): void {
    this.#inbox.close();
    this.#outbox.close();
  }
}
