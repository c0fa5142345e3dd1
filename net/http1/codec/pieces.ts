import { ByteBuffer } from "../../bytes/byte_buffer.ts";
import { LF } from "./octets.ts";

const NOTHING = new Uint8Array(0);
const NOT_FOUND = -1;

/**
 * The bytes at hand, in whatever pieces they come, as a parser of lines wants to see them: a
 * section, such as a head, lies in one array from its beginning.
 *
 * As a rule that is the piece itself, and nothing is copied. A section that begins in one piece and
 * ends in another is gathered, line by line, so that what follows it stays where it is. The fields
 * are public because a parser reads them for every byte.
 */
export class Pieces {
  /** Where to read: from `at` up to `end`. */
  bytes: Uint8Array = NOTHING;
  at = 0;
  end = 0;
  /** Where the section begins. */
  origin = 0;
  #piece: Uint8Array = NOTHING;
  /** How much of the piece was gathered. */
  #pieceAt = 0;
  #gathered = new ByteBuffer();
  #gathering = false;

  /** How many bytes of the piece were taken. */
  get taken(): number {
    return this.#gathering ? this.#pieceAt : this.at;
  }

  /** How many bytes of an unfinished section there are. */
  get pending(): number {
    return this.end - this.origin;
  }

  /** The next piece; all of the one before was taken. */
  feed(piece: Uint8Array): void {
    this.#piece = piece;
    this.#pieceAt = 0;
    if (!this.#gathering) this.#show(piece, 0);
  }

  /** A section begins where the one before, or a body, has ended. */
  begin(): void {
    if (this.#gathering) {
      this.#gathering = false;
      this.#show(this.#piece, this.#pieceAt);
    }
    this.origin = this.at;
  }

  /**
   * After the bytes have run out in the middle of a line: brings that line's end into view, or
   * takes what there is of it and answers false. Then another piece is needed.
   */
  moreOfLine(): boolean {
    if (!this.#gathering) {
      if (this.origin < this.end) this.#gather();
      return false;
    }
    const lf = this.#piece.indexOf(LF, this.#pieceAt);
    this.#append(this.#pieceAt, lf === NOT_FOUND ? this.#piece.length : lf + 1);
    return lf !== NOT_FOUND;
  }

  #gather(): void {
    const { at, origin } = this;
    this.#gathering = true;
    this.#gathered.consume(Infinity);
    this.#append(origin, this.end);
    this.at = at - origin;
    this.origin = 0;
  }

  #append(from: number, to: number): void {
    this.#gathered.append(this.#piece.subarray(from, to));
    this.#pieceAt = to;
    this.bytes = this.#gathered.view;
    this.end = this.bytes.length;
  }

  #show(piece: Uint8Array, at: number): void {
    this.bytes = piece;
    this.at = this.origin = at;
    this.end = piece.length;
  }
}
