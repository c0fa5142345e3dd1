import type { Co, Future } from "../../runtime/mod.ts";
import type { BodyEncoder } from "./codec/body_encoder.ts";
import { type BodyWriter, type StreamedBody, UTF8 } from "./codec/body_source.ts";
import type { FieldsInit } from "./codec/field_text.ts";

/** Sends bytes, all of them, in order. */
export type Write = (bytes: Uint8Array) => Co<void> | Future<void>;

/**
 * Sends a body that is not there as a whole, and its end.
 *
 * Cancel safety: not safe; the message cannot be finished.
 */
export function* sendStreamed(
  write: Write,
  body: StreamedBody,
  encoder: BodyEncoder,
): Co<void> {
  const out = new EncodedWriter(write, encoder);
  if (typeof body === "function") yield* body(out);
  else {
    for (;;) {
      const lent = yield* body.fill();
      if (lent.length === 0) break;
      yield* out.write(lent);
      body.consume(lent.length);
    }
  }
  yield* out.finish();
}

class EncodedWriter implements BodyWriter {
  #write: Write;
  #encoder: BodyEncoder;
  #trailers: FieldsInit | undefined;

  constructor(write: Write, encoder: BodyEncoder) {
    this.#write = write;
    this.#encoder = encoder;
  }

  *write(piece: Uint8Array | string): Co<void> {
    const bytes = typeof piece === "string" ? UTF8.encode(piece) : piece;
    yield* this.#write(this.#encoder.encode(bytes));
  }

  setTrailers(trailers: FieldsInit): void {
    this.#trailers = trailers;
  }

  *finish(): Co<void> {
    yield* this.#write(this.#encoder.finish(this.#trailers));
  }
}
