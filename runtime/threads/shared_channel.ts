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

import { ChannelMemory } from "./channel_memory.ts";
import type { CodecName } from "./codec.ts";
import { SharedReceiver } from "./shared_receiver.ts";

export interface SharedChannelOptions {
  /** The room for messages in bytes; the next power of two counts, 64 KiB by default. */
  readonly capacity?: number;
  /** `plain` for what portable tasks take, `json`, or `bytes` for `Uint8Array` alone. */
  readonly codec?: CodecName;
}

const DEFAULT_CAPACITY = 1 << 16;
const LEAST_CAPACITY = 1 << 10;
const MOST_CAPACITY = 1 << 30;

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
