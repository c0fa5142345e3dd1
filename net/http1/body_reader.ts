import {
  type Co,
  type Context,
  type Future,
  Pending,
  type Poll,
  pollFn,
  TooLong,
} from "../../runtime/mod.ts";
import { AsyncRead } from "../bytes/async_read.ts";
import { ByteBuffer } from "../bytes/byte_buffer.ts";
import type { HttpFields } from "./codec/fields.ts";

/** Where a body comes from: one end of a connection while it has this message. */
export interface BodyPort {
  readonly trailers: HttpFields;
  readonly ended: boolean;
  pollBody(cx: Context): Poll<Uint8Array>;
  consumeBody(n: number): void;
}

/** A body kept whole shall not take the memory of everything else. */
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;

/**
 * The body of a message that comes in: a reader that ends where the body does, however that is
 * shown on the wire.
 *
 * Its bytes are lent from where the socket put them. Until they are taken, the sender waits.
 *
 * Cancel safety: `fill`, `read` and `discard` are safe; `bytes` and `text` are not.
 *
 * @example Piece by piece, without a copy
 * ```ts
 * import { blockOn, scope } from "wakeful/runtime";
 * import { duplex, HttpConnection, serveConnection } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   const [client, server] = duplex();
 *   yield* scope(function* (s) {
 *     s.spawn(serveConnection(server, function* () {
 *       return { body: new Uint8Array(50_000) };
 *     }));
 *     using connection = HttpConnection.over(client);
 *     const { body } = yield* connection.request();
 *     let length = 0;
 *     for (let lent = yield* body.fill(); lent.length > 0; lent = yield* body.fill()) {
 *       length += lent.length;
 *       body.consume(lent.length);
 *     }
 *     assertEquals(length, 50_000);
 *   });
 * });
 * ```
 */
export class BodyReader extends AsyncRead {
  #port: BodyPort;

  constructor(port: BodyPort) {
    super();
    this.#port = port;
  }

  /** Whether all of it was taken. */
  get ended(): boolean {
    return this.#port.ended;
  }

  /** The fields after a chunked body, once it has ended; none before. */
  get trailers(): HttpFields {
    return this.#port.trailers;
  }

  pollFill(cx: Context): Poll<Uint8Array> {
    return this.#port.pollBody(cx);
  }

  consume(n: number): void {
    if (n > 0) this.#port.consumeBody(n);
  }

  /**
   * All of it.
   *
   * Cancel safety: not safe; what it had read is lost with it.
   *
   * @throws {TooLong} when it has more than `maxBytes`, 16 MiB unless said otherwise
   */
  *bytes(maxBytes: number = DEFAULT_MAX_BYTES): Co<Uint8Array> {
    const whole = new ByteBuffer();
    for (;;) {
      const lent = yield* this.fill();
      if (lent.length === 0) return whole.view.slice();
      if (whole.length + lent.length > maxBytes) throw new TooLong("a body", maxBytes);
      whole.append(lent);
      this.consume(lent.length);
    }
  }

  /**
   * All of it, as the UTF-8 text that it is; otherwise as {@link bytes}.
   *
   * Cancel safety: not safe; what it had read is lost with it.
   */
  *text(maxBytes?: number): Co<string> {
    return UTF8.decode(yield* this.bytes(maxBytes));
  }

  /**
   * Takes what is left and throws it away; answers how many bytes that were.
   *
   * Cancel safety: safe; another goes on from there.
   */
  discard(): Future<number> {
    let discarded = 0;
    return pollFn((cx) => {
      for (;;) {
        const lent = this.pollFill(cx);
        if (lent === Pending) return Pending;
        if (lent.length === 0) return discarded;
        discarded += lent.length;
        this.consume(lent.length);
      }
    });
  }
}

const UTF8 = new TextDecoder();
