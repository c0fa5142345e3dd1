import { type Co, type Future, IoError, TimedOut } from "../../runtime/mod.ts";
import type { Stream } from "../../net/mod.ts";
import type { Traffic } from "./traffic.ts";

/** How long a client may keep us waiting, in milliseconds; 0 for as long as it likes. */
export interface Patience {
  readonly idleTimeout: number;
  readonly writeTimeout: number;
}

/** Why a client is not served any more; an error when its connection broke. */
export type Ending = "finished" | "idle" | "stalled" | IoError;

/**
 * Sends back what one client sends, until it has finished, and then the end of the stream.
 *
 * Nothing is received while an answer waits to be taken, so a client that does not read costs one
 * buffer in each direction. `nextChunk` stands in for plain receiving where something else has to
 * happen meanwhile.
 */
export function* echo(
  stream: Stream,
  patience: Patience,
  traffic: Traffic,
  nextChunk?: () => Future<Uint8Array>,
): Co<Ending> {
  stream.setReadTimeout(patience.idleTimeout);
  stream.setWriteTimeout(patience.writeTimeout);
  try {
    for (;;) {
      const chunk = yield* nextChunk === undefined ? stream.fill() : nextChunk();
      const bytes = chunk.length;
      if (bytes === 0) break;
      traffic.bytesIn += bytes;
      // Most of the time there is room at once, and asking is cheaper than awaiting.
      const sent = stream.tryWrite(chunk);
      if (sent < bytes) yield* stream.writeAll(chunk.subarray(sent));
      stream.consume(bytes);
      traffic.bytesOut += bytes;
    }
    yield* stream.shutdown();
    return "finished";
  } catch (error) {
    if (error instanceof TimedOut) return error.what === "a read" ? "idle" : "stalled";
    if (error instanceof IoError) return error;
    throw error;
  }
}
