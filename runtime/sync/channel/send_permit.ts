import { Misuse } from "../../core/errors.ts";
import type { MpscChannel } from "./mpsc_channel.ts";

/**
 * A slot in an {@link mpsc} channel, kept for one value.
 *
 * @example Take an order only when it can be passed on
 * ```ts
 * import { blockOn, mpsc } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const [sender, receiver] = mpsc<string>(1);
 * await blockOn(function* () {
 *   using permit = yield* sender.reserve();
 *   assertEquals(receiver.length, 0);
 *   permit.send("an order");
 * });
 * assertEquals(receiver.tryRecv(), "an order");
 * ```
 */
export class SendPermit<T> {
  #channel: MpscChannel<T> | undefined;

  constructor(channel: MpscChannel<T>) {
    this.#channel = channel;
  }

  /**
   * Sends `value` into the slot, at once.
   *
   * @throws {SendFailed} with the value, when the receiver is gone
   * @throws {Misuse} when the permit was used or released already
   */
  send(value: T): void {
    const channel = this.#channel;
    if (channel === undefined) throw new Misuse("Cannot use a permit twice: reserve another one");
    this.#channel = undefined;
    channel.fill(value);
  }

  /** Gives the slot back unused; once more, or after `send`, is a no-op. */
  release(): void {
    const channel = this.#channel;
    this.#channel = undefined;
    channel?.giveBack();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
