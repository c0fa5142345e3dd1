import { type Codec, type CodecName, codecNamed } from "./codec.ts";
import { SharedMemory } from "./memory.ts";
import { NOTHING, RecordRing } from "./record_ring.ts";

/** The words before the ring. */
export const enum ChannelWord {
  Head,
  Tail,
  /** How many senders are open, tickets that nobody has made one of yet included. */
  Senders,
  ReceiverGone,
  /** Whether the receiver waits for a message. */
  ReceiverWaits,
  /** A bit for each sender that waits for room. */
  SendersWait,
}
const HEADER_WORDS = 8;
const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;
/** Shorter messages are copied byte by byte, which is faster than making a view of them. */
const SHORT_MESSAGE = 48;

/** What both ends of a channel between threads share. */
export interface ChannelTicket {
  readonly buffer: SharedArrayBuffer;
  readonly capacity: number;
  readonly codec: CodecName;
}

/** There was no message. */
export const NO_MESSAGE = Symbol("NoMessage");

/** The memory of one channel: its ring of messages, and who waits for what. */
export class ChannelMemory {
  readonly shared: SharedMemory;
  #ring: RecordRing;
  #codec: Codec;

  constructor(readonly ticket: ChannelTicket) {
    this.shared = new SharedMemory(ticket.buffer);
    this.#ring = new RecordRing(this.shared, ChannelWord.Head, HEADER_WORDS, ticket.capacity);
    this.#codec = codecNamed(ticket.codec, this.#ring.bytes, this.#ring.longest);
  }

  static create(capacity: number, codec: CodecName): ChannelMemory {
    const buffer = new SharedArrayBuffer(HEADER_WORDS * WORD_BYTES + capacity);
    return new ChannelMemory({ buffer, capacity, codec });
  }

  get(word: ChannelWord): number {
    return this.shared.load(word);
  }

  set(word: ChannelWord, value: number): void {
    this.shared.store(word, value);
  }

  /** Whether at least half of it is free. */
  get hasRoom(): boolean {
    return this.#ring.used <= this.ticket.capacity >> 1;
  }

  /** Whether there may be a message. */
  get isEmpty(): boolean {
    return this.#ring.peek() === NOTHING;
  }

  /** Writes a message; false when there is no room. */
  push(value: unknown): boolean {
    const length = this.#codec.encode(value);
    const at = this.#ring.claim(length);
    if (at === NOTHING) return false;
    const { bytes } = this.#ring;
    const { scratch } = this.#codec;
    if (length > SHORT_MESSAGE) bytes.set(scratch.subarray(0, length), at);
    else for (let i = 0; i < length; i++) bytes[at + i] = scratch[i];
    this.#ring.publish(at, length);
    return true;
  }

  /** Takes the oldest message, or answers `NO_MESSAGE`. */
  pop(): unknown {
    const at = this.#ring.peek();
    if (at === NOTHING) return NO_MESSAGE;
    const value = this.#codec.decode(this.#ring.bytes, at, this.#ring.lengthAt(at));
    this.#ring.consume();
    return value;
  }

  /** Sets bits of a word. */
  mark(word: ChannelWord, bits: number): void {
    let before = this.shared.load(word);
    for (;;) {
      const now = this.shared.compareExchange(word, before, before | bits);
      if (now === before) return;
      before = now;
    }
  }
}
