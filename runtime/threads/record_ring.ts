import type { SharedMemory } from "./memory.ts";

/** Nothing is there, or there is no room. */
export const NOTHING = -1;

const HEADER_BYTES = 4;
const ALIGNMENT = 8;
const WORD_SHIFT = 2;

/**
 * Records of bytes in a ring of shared memory: any number of threads write, one reads.
 *
 * A writer claims a stretch by moving the tail, fills it, and publishes it by setting its header:
 * the length plus one. The reader goes from header to header, stops at one that is zero, and
 * leaves zeros behind. What is left at the end of the ring when a record has no room there is
 * claimed too, under a negative header, and skipped. This is the layout of Agrona's
 * many-to-one ring buffer (Martin Thompson, 2014).
 */
export class RecordRing {
  readonly bytes: Uint8Array;
  #memory: SharedMemory;
  #head: number;
  #tail: number;
  #words: number;
  #start: number;
  #capacity: number;
  #mask: number;

  /**
   * @param at the first of two words that say where it begins and ends; zero in a new one
   * @param start the first of its words, at an even place
   * @param capacity in bytes, a power of two
   */
  constructor(memory: SharedMemory, at: number, start: number, capacity: number) {
    this.#memory = memory;
    this.#head = at;
    this.#tail = at + 1;
    this.#words = start;
    this.#start = start << WORD_SHIFT;
    this.#capacity = capacity;
    this.#mask = capacity - 1;
    this.bytes = new Uint8Array(memory.buffer);
  }

  /** The longest record: a quarter of the ring, so that several always have room. */
  get longest(): number {
    return (this.#capacity >> 2) - HEADER_BYTES;
  }

  /** How many bytes are claimed, as far as can be said while others write. */
  get used(): number {
    const head = this.#memory.load(this.#head);
    return (this.#memory.load(this.#tail) - head) | 0;
  }

  /** Claims room for a record and answers where its bytes begin, or `NOTHING`. */
  claim(length: number): number {
    const needed = align(length + HEADER_BYTES);
    for (;;) {
      const tail = this.#memory.load(this.#tail);
      const used = (tail - this.#memory.load(this.#head)) | 0;
      const at = tail & this.#mask;
      const toEnd = this.#capacity - at;
      const skipped = needed > toEnd ? toEnd : 0;
      if (used + skipped + needed > this.#capacity) return NOTHING;
      const end = (tail + skipped + needed) | 0;
      if (this.#memory.compareExchange(this.#tail, tail, end) !== tail) continue;
      if (skipped > 0) this.#memory.store(this.#headerOf(at), -skipped);
      return this.#start + (skipped > 0 ? 0 : at) + HEADER_BYTES;
    }
  }

  /** Lets the reader see a record that was claimed and filled. */
  publish(at: number, length: number): void {
    this.#memory.store((at - HEADER_BYTES) >> WORD_SHIFT, length + 1);
  }

  /** Where the bytes of the oldest record begin, or `NOTHING`. */
  peek(): number {
    for (;;) {
      const head = this.#memory.load(this.#head);
      const header = this.#memory.load(this.#headerOf(head & this.#mask));
      if (header === 0) return NOTHING;
      if (header > 0) return this.#start + (head & this.#mask) + HEADER_BYTES;
      this.#free(head, -header);
    }
  }

  /** How long the record is that begins at `at`. */
  lengthAt(at: number): number {
    return this.#memory.load((at - HEADER_BYTES) >> WORD_SHIFT) - 1;
  }

  /** Gives the oldest record's room back. */
  consume(): void {
    const head = this.#memory.load(this.#head);
    const length = this.#memory.load(this.#headerOf(head & this.#mask)) - 1;
    this.#free(head, align(length + HEADER_BYTES));
  }

  #free(head: number, length: number): void {
    const first = this.#headerOf(head & this.#mask);
    this.#memory.words.fill(0, first, first + (length >> WORD_SHIFT));
    this.#memory.store(this.#head, (head + length) | 0);
  }

  #headerOf(at: number): number {
    return this.#words + (at >> WORD_SHIFT);
  }
}

function align(length: number): number {
  return (length + ALIGNMENT - 1) & -ALIGNMENT;
}
