/** An empty buffer that had grown beyond this gives its memory back. */
const KEPT_BYTES = 64 * 1024;

/**
 * Bytes in one piece that grows at the end and is taken from the start.
 *
 * Appending may move them, so a view is good until then. Plain data, never waits.
 */
export class ByteBuffer {
  #bytes = new Uint8Array(0);
  #start = 0;
  #end = 0;

  /** How many bytes are in it. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** All of them where they lie, until the next `append`. */
  get view(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Adds a copy of `more` at the end. */
  append(more: Uint8Array): void {
    if (this.#end + more.length > this.#bytes.length) this.#makeRoom(more.length);
    this.#bytes.set(more, this.#end);
    this.#end += more.length;
  }

  /** Takes the first `n` bytes, or all there are. */
  consume(n: number): void {
    this.#start += Math.min(n, this.length);
    if (this.#start < this.#end) return;
    this.#start = this.#end = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = new Uint8Array(0);
  }

  /** Where `byte` is first found at or after `from`; -1 when nowhere. */
  indexOf(byte: number, from = 0): number {
    return this.view.indexOf(byte, from);
  }

  /** Moves the bytes to the front, of a larger array unless that leaves at least half of it free. */
  #makeRoom(wanted: number): void {
    const { length, view } = this;
    const needed = length + wanted;
    if (needed * 2 > this.#bytes.length) this.#bytes = new Uint8Array(needed * 2);
    this.#bytes.set(view, 0);
    this.#start = 0;
    this.#end = length;
  }
}
