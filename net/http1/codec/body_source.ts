import type { Co } from "../../../runtime/mod.ts";
import type { AsyncRead } from "../../bytes/async_read.ts";
import type { FieldsInit } from "./field_text.ts";

/** Where a coroutine that makes a body writes it. */
export interface BodyWriter {
  /**
   * Sends a piece, and waits while the peer takes nothing.
   *
   * Cancel safety: not safe; dropped, it has sent some of it, and the message cannot be finished.
   */
  write(piece: Uint8Array | string): Co<void>;
  /** Sets the fields that follow a chunked body; a body of another kind has none. */
  setTrailers(trailers: FieldsInit): void;
}

/** A body that is not there as a whole: a reader, or a coroutine that writes it. */
export type StreamedBody = AsyncRead | ((out: BodyWriter) => Co<void>);

/** What can be sent as a body; text is sent as UTF-8. */
export type HttpBody = Uint8Array | string | StreamedBody;

/** A body as bytes, or still as a stream; no body is no bytes. */
export function bodyOf(body: HttpBody | undefined): Uint8Array | StreamedBody {
  if (body === undefined) return NOTHING;
  return typeof body === "string" ? UTF8.encode(body) : body;
}

export const UTF8: TextEncoder = new TextEncoder();
const NOTHING = new Uint8Array(0);
