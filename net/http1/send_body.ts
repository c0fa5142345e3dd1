import type { Co } from "../../runtime/mod.ts";
import type { AsyncWrite } from "../bytes/async_write.ts";
import type { BodyEncoder } from "./body_encoder.ts";
import { type BodyWriter, type StreamedBody, UTF8 } from "./body_source.ts";
import type { FieldsInit } from "./field_text.ts";

/**
 * Sends a body that is not there as a whole, and its end.
 *
 * Cancel safety: not safe; the message cannot be finished.
 */
export function* sendStreamed(
  writer: AsyncWrite,
  body: StreamedBody,
  encoder: BodyEncoder,
): Co<void> {
  const out = new EncodedWriter(writer, encoder);
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
  #writer: AsyncWrite;
  #encoder: BodyEncoder;
  #trailers: FieldsInit | undefined;

  constructor(writer: AsyncWrite, encoder: BodyEncoder) {
    this.#writer = writer;
    this.#encoder = encoder;
  }

  *write(piece: Uint8Array | string): Co<void> {
    const bytes = typeof piece === "string" ? UTF8.encode(piece) : piece;
    yield* this.#writer.writeAll(this.#encoder.encode(bytes));
  }

  setTrailers(trailers: FieldsInit): void {
    this.#trailers = trailers;
  }

  *finish(): Co<void> {
    yield* this.#writer.writeAll(this.#encoder.finish(this.#trailers));
  }
}
