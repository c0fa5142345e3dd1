import { type Co, scope } from "../../runtime/mod.ts";
import type { AsyncRead } from "./async_read.ts";
import type { AsyncWrite } from "./async_write.ts";

/**
 * Copies everything from `reader` to `writer` up to the reader's end, flushes, and answers how
 * many bytes that were.
 *
 * It has no buffer: the writer takes the bytes from where the reader lends them. A writer that has
 * no room therefore holds back the reader's sender. The writer is not shut down.
 *
 * Cancel safety: safe for the bytes; dropped, each has either been written or still lies in the
 * reader, and another copy goes on from there. The count is lost.
 *
 * @throws whatever the reader or the writer throws
 *
 * @example
 * ```ts
 * import { blockOn } from "wakeful/runtime";
 * import { copy, duplex } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * const copied = await blockOn(function* () {
 *   const [source, from] = duplex();
 *   const [to, sink] = duplex();
 *   yield* source.writeAll(new Uint8Array(1000));
 *   source.close();
 *   const copied = yield* copy(from, to);
 *   assertEquals((yield* sink.fill()).length, 1000);
 *   return copied;
 * });
 * assertEquals(copied, 1000);
 * ```
 */
export function* copy(reader: AsyncRead, writer: AsyncWrite): Co<number> {
  for (let copied = 0;;) {
    const lent = yield* reader.fill();
    if (lent.length === 0) {
      yield* writer.flush();
      return copied;
    }
    const n = yield* writer.write(lent);
    reader.consume(n); // before anything else can wait: written and taken are one step
    copied += n;
  }
}

/** How many bytes went each way. */
export interface CopiedBothWays {
  readonly aToB: number;
  readonly bToA: number;
}

/**
 * Copies both ways at once, as a proxy does, until both ends have finished sending.
 *
 * When one end finishes, the other is told so by a shutdown, and its direction goes on. An error in
 * either direction ends both. Neither end is closed: that is the caller's, who opened them.
 *
 * Cancel safety: as {@link copy}; an end that was passed on stays passed on.
 *
 * @throws whatever an end throws first
 *
 * @example A proxy's inner part
 * ```ts
 * import { blockOn, scope } from "wakeful/runtime";
 * import { copyBidirectional, duplex } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = await blockOn(function* () {
 *   const [client, a] = duplex();
 *   const [b, server] = duplex();
 *   return yield* scope(function* (s) {
 *     const copying = s.spawn(() => copyBidirectional(a, b));
 *     yield* client.writeAll(new Uint8Array(3));
 *     yield* client.shutdown();
 *     yield* server.readExact(new Uint8Array(3));
 *     yield* server.writeAll(new Uint8Array(5));
 *     yield* server.shutdown();
 *     return yield* copying;
 *   });
 * });
 * assertEquals(counts, { aToB: 3, bToA: 5 });
 * ```
 */
export function* copyBidirectional(
  a: AsyncRead & AsyncWrite,
  b: AsyncRead & AsyncWrite,
): Co<CopiedBothWays> {
  return yield* scope(function* (s) {
    const there = s.spawn(() => copyAndEnd(a, b));
    const bToA = yield* copyAndEnd(b, a);
    return { aToB: yield* there, bToA };
  });
}

function* copyAndEnd(reader: AsyncRead, writer: AsyncWrite): Co<number> {
  const copied = yield* copy(reader, writer);
  yield* writer.shutdown();
  return copied;
}
