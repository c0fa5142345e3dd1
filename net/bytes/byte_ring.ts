/**
 * A first-in, first-out queue of bytes with a fixed capacity.
 *
 * Bytes never move once they are in: what was lent stays as it is while others are added, until it
 * is consumed. Its memory is taken at the first byte. Plain data, never waits.
 */
export class ByteRing {
  #bytes: Uint8Array | undefined;
  #start = 0;
  #length = 0;

  constructor(readonly capacity: number) {}

  /** How many bytes are in it. */
  get length(): number {
    return this.#length;
  }

  /** Adds as many bytes from the start of `from` as there is room for; answers how many. */
  push(from: Uint8Array): number {
    const n = Math.min(from.length, this.capacity - this.#length);
    if (n === 0) return 0;
    const bytes = this.#bytes ??= new Uint8Array(this.capacity);
    const end = (this.#start + this.#length) % this.capacity;
    const beforeWrap = Math.min(n, this.capacity - end);
    bytes.set(from.subarray(0, beforeWrap), end);
    bytes.set(from.subarray(beforeWrap, n), 0);
    this.#length += n;
    return n;
  }

  /** The oldest bytes where they lie: all, or those up to the place where the ring wraps. */
  lend(): Uint8Array {
    const end = Math.min(this.#start + this.#length, this.capacity);
    return this.#bytes?.subarray(this.#start, end) ?? NOTHING;
  }

  /** Takes the oldest `n` bytes, or all there are. */
  consume(n: number): void {
    const taken = Math.min(n, this.#length);
    this.#length -= taken;
    this.#start = this.#length === 0 ? 0 : (this.#start + taken) % this.capacity;
  }
}

const NOTHING = new Uint8Array(0);
