import type { HttpLimits } from "./limits.ts";
import { refuse } from "./refusal.ts";

/** A chunk needs some bytes before it, and more is forgiven where more data comes. */
const FREE_CHUNK_BYTES = 16;
const FREE_SHARE_OF_DATA = 2;
/** What may be spent on all chunk lines beyond their need, in lines of the greatest length. */
const EXCESS_LINES = 2;

/**
 * How much of a body there was, and how much is to come, within the limits.
 *
 * Chunk lines are metered as well: a body of single bytes, each behind a long extension, costs its
 * reader far more than its length tells.
 *
 * Source of that: the chunked reader of Go's net/http, which forgives the same.
 */
export class BodyMeter {
  /** How much of the body, or of the chunk, is still to come. */
  remaining = 0;
  #limits: HttpLimits;
  #bytes = 0;
  #excess = 0;

  constructor(limits: HttpLimits) {
    this.#limits = limits;
  }

  /** A message begins. */
  clear(): void {
    this.remaining = this.#bytes = this.#excess = 0;
  }

  /** So much more is announced. */
  announce(bytes: number): void {
    this.pass(bytes);
    this.remaining = bytes;
  }

  /** A chunk of `size` bytes is announced by a line of `lineBytes`. */
  announceChunk(size: number, lineBytes: number): void {
    const { chunkLineBytes } = this.#limits;
    const free = FREE_CHUNK_BYTES + FREE_SHARE_OF_DATA * size;
    this.#excess = Math.max(0, this.#excess + lineBytes - free);
    if (lineBytes > chunkLineBytes || this.#excess > EXCESS_LINES * chunkLineBytes) {
      refuse("chunk-line-too-long");
    }
    this.announce(size);
  }

  /** So much more is there, without having been announced. */
  pass(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.bodyBytes) refuse("body-too-long");
  }
}
