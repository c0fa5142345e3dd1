/** A chunk needs some bytes before it, and more is forgiven where more data comes. */
const FREE_CHUNK_BYTES = 16;
const FREE_SHARE_OF_DATA = 2;

/**
 * How much of a chunked body was spent on chunk lines beyond their need: a body of single bytes,
 * each behind a long extension, costs its reader far more than its length tells.
 *
 * Source: the chunked reader of Go's net/http, which forgives the same.
 */
export class ChunkOverhead {
  /** In bytes. */
  excess = 0;

  add(lineBytes: number, size: number): void {
    const free = FREE_CHUNK_BYTES + FREE_SHARE_OF_DATA * size;
    this.excess = Math.max(0, this.excess + lineBytes - free);
  }
}
