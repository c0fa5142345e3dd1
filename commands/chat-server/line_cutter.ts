import { cleanText, isLongerThan } from "./clean_text.ts";
import { TelnetFilter } from "./telnet.ts";

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = new Uint8Array(0);

/** In the place of a line that was longer than allowed. */
export const TooLong: unique symbol = Symbol("TooLong");

/** A line of a client: its text, clean, or that there was too much of it. */
export type Heard = string | typeof TooLong;

/**
 * Cuts what a client sends into lines, whatever chunks it comes in.
 *
 * A line ends with LF or CRLF. One that is longer than `maxBytes`, as it came or as it would go
 * out, is told of once, as soon as it is, and never kept. Plain data, never waits.
 */
export class LineCutter {
  readonly #maxBytes: number;
  readonly #telnet = new TelnetFilter();
  /** Holds the beginning of a line whose end has not come; only as large as it has to be. */
  #buffer = NOTHING;
  #length = 0;
  /** Whether the rest of the line is to be thrown away. */
  #skipping = false;
  #heard: Heard | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The line that the last feed completed. */
  get heard(): Heard | undefined {
    return this.#heard;
  }

  /** Takes bytes from the start of `chunk`, up to the end of its first line; answers how many. */
  feed(chunk: Uint8Array): number {
    this.#heard = undefined;
    const at = chunk.indexOf(LF);
    const end = at < 0 ? chunk.length : at;
    if (!this.#skipping) this.#add(this.#telnet.strip(chunk.subarray(0, end)));
    if (at < 0) return end;
    this.#endLine();
    return at + 1;
  }

  /** The stream has ended: the line that had begun is one as well. */
  finish(): Heard | undefined {
    this.#heard = undefined;
    if (this.#length > 0) this.#endLine();
    return this.#heard;
  }

  #add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    // One more, which may be the CR before the LF.
    if (length > this.#maxBytes + 1) {
      this.#forget();
      this.#skipping = true;
      this.#heard = TooLong;
      return;
    }
    if (length > this.#buffer.length) this.#grow(length);
    this.#buffer.set(piece, this.#length);
    this.#length = length;
  }

  #grow(length: number): void {
    const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }

  #endLine(): void {
    this.#telnet.reset();
    if (this.#skipping) this.#skipping = false;
    else this.#heard = this.#read(this.#buffer.subarray(0, this.#length));
    this.#forget();
  }

  #read(line: Uint8Array): Heard {
    const bytes = line.at(-1) === CR ? line.subarray(0, -1) : line;
    if (bytes.length > this.#maxBytes) return TooLong;
    const text = cleanText(bytes);
    return isLongerThan(text, this.#maxBytes) ? TooLong : text;
  }

  /** A silent client costs no buffer. */
  #forget(): void {
    this.#buffer = NOTHING;
    this.#length = 0;
  }
}
