/** As much as one read takes; larger ones saved little, and a stalled client holds one. */
export const BUFFER_BYTES = 16 * 1024;
/** So many are kept when nobody needs them. */
const MOST_SPARE = 64;

/** A buffer on loan, and the view of what was read into it. */
export class ReadBuffer {
  readonly bytes: Uint8Array<ArrayBuffer> = new Uint8Array(BUFFER_BYTES);
  #view: Uint8Array = this.bytes;

  /** The bytes from `start` to `end`. Messages tend to be of one size, so the last view is kept. */
  view(start: number, end: number): Uint8Array {
    if (start !== 0) return this.bytes.subarray(start, end);
    if (this.#view.length !== end) this.#view = this.bytes.subarray(0, end);
    return this.#view;
  }
}

/**
 * The read buffers of one driver. A stream holds one from the moment it has read something until
 * that was consumed, so connections with nothing to read hold none.
 */
export class ReadBuffers {
  #spare: ReadBuffer[] = [];

  take(): ReadBuffer {
    return this.#spare.pop() ?? new ReadBuffer();
  }

  giveBack(buffer: ReadBuffer): void {
    if (this.#spare.length < MOST_SPARE) this.#spare.push(buffer);
  }
}
