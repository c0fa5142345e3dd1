const WORD_BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * Numbers that each thread counts in a row of its own, and anybody reads.
 *
 * They are 64-bit floats without atomic steps: each has one writer, and the machines that run this
 * read and write 64 aligned bits at once. What is read may be a moment old.
 */
export class Figures {
  readonly #words: Float64Array;
  readonly #columns: number;

  constructor(readonly memory: SharedArrayBuffer, columns: number) {
    this.#words = new Float64Array(memory);
    this.#columns = columns;
  }

  static memory(rows: number, columns: number): SharedArrayBuffer {
    return new SharedArrayBuffer(rows * columns * WORD_BYTES);
  }

  /** The numbers of one thread. */
  row(seat: number): Float64Array {
    return this.#words.subarray(seat * this.#columns, (seat + 1) * this.#columns);
  }

  /** The sum of all threads. */
  sum(column: number): number {
    let sum = 0;
    for (let at = column; at < this.#words.length; at += this.#columns) sum += this.#words[at];
    return sum;
  }
}
