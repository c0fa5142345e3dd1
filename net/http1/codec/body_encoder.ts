import { WakefulError } from "../../../runtime/mod.ts";
import { type FieldsInit, FieldText } from "./field_text.ts";
import { putText } from "./octets.ts";

const HEX = 16;
const CRLF = "\r\n";
const NOTHING = new Uint8Array(0);

/** The program that writes a body told another length than it then wrote. */
export class WrongLength extends WakefulError {
  readonly code = "HTTP_WRONG_LENGTH";
  /** @param written how many bytes there were, or would have been */
  constructor(readonly told: number, readonly written: number) {
    super(
      `Cannot send a body of ${written} bytes: its Content-Length says ${told}; ` +
        "leave it out for a length that is not known",
    );
  }
}

/** Turns the pieces of a body into what goes over the wire. It does no I/O. */
export interface BodyEncoder {
  /** Whether the connection has to end after the body, because nothing else shows its end. */
  readonly untilClose: boolean;
  /** What to send for `piece`, which may be the piece itself. */
  encode(piece: Uint8Array): Uint8Array;
  /** What to send after the last piece. */
  finish(trailers?: FieldsInit): Uint8Array;
}

/** A body whose length was told before. RFC 9112 §6.2 */
export class FixedEncoder implements BodyEncoder {
  readonly untilClose = false;
  #written = 0;

  constructor(readonly length: number) {}

  /** @throws {WrongLength} when it would be longer than told; none of the piece is to be sent */
  encode(piece: Uint8Array): Uint8Array {
    const written = this.#written + piece.length;
    if (written > this.length) throw new WrongLength(this.length, written);
    this.#written = written;
    return piece;
  }

  /** @throws {WrongLength} when it is shorter than told; the connection has to end then */
  finish(): Uint8Array {
    if (this.#written < this.length) throw new WrongLength(this.length, this.#written);
    return NOTHING;
  }
}

/** A body in chunks, and fields after it. RFC 9112 §7.1 */
export class ChunkedEncoder implements BodyEncoder {
  readonly untilClose = false;

  /** The piece as one chunk, in an array of its own. An empty one is none: it would be the last. */
  encode(piece: Uint8Array): Uint8Array {
    if (piece.length === 0) return NOTHING;
    const line = piece.length.toString(HEX) + CRLF;
    const chunk = new Uint8Array(line.length + piece.length + CRLF.length);
    putText(chunk, 0, line);
    chunk.set(piece, line.length);
    putText(chunk, line.length + piece.length, CRLF);
    return chunk;
  }

  /** @throws {TypeError} when a trailer's name or value is none */
  finish(trailers?: FieldsInit): Uint8Array {
    return encodeText(`0${CRLF}${new FieldText(trailers).text}${CRLF}`);
  }
}

/** A body that ends with the connection: all that a client of HTTP/1.0 understands. */
export class UntilCloseEncoder implements BodyEncoder {
  readonly untilClose = true;

  encode(piece: Uint8Array): Uint8Array {
    return piece;
  }

  finish(): Uint8Array {
    return NOTHING;
  }
}

/** A head, and after it a small body in the same array. */
export function encodeText(text: string, body: Uint8Array = NOTHING): Uint8Array {
  const bytes = new Uint8Array(text.length + body.length);
  putText(bytes, 0, text);
  if (body.length > 0) bytes.set(body, text.length);
  return bytes;
}
