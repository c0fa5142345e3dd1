import { Registry, type UnixAddress } from "../runtime/mod.ts";
import { DuplexSource } from "./duplex_source.ts";
import { Stream } from "./stream.ts";

const DEFAULT_CAPACITY_BYTES = 8 * 1024;

/** As the two ends of a socket pair have it: no name, no file. */
const UNNAMED: UnixAddress = { transport: "unix", path: "" };

/**
 * One end of a connection in memory; made by {@link duplex}.
 *
 * It has everything that a `TcpStream` has and behaves alike: reading waits for bytes, writing
 * waits for room, `shutdown` shows the peer the end, writing to an end that is gone is an
 * `IoError` of kind `broken-pipe`. `abort` throws away what the peer has not read, and the peer's
 * next read fails with `connection-reset`.
 */
export class DuplexStream extends Stream<UnixAddress> {}

/**
 * Two streams that are connected with each other, in memory: for tests of whatever speaks over a
 * stream, and for parts of one program that do.
 *
 * Each direction holds at most `capacity` bytes that were sent and not taken; then sending waits.
 * It needs no I/O driver.
 *
 * @throws {RangeError} when `capacity` is not a whole number from 1 up
 *
 * @example
 * ```ts
 * import { blockOn } from "wakeful/runtime";
 * import { duplex } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * await blockOn(function* () {
 *   const [client, server] = duplex();
 *   yield* client.writeAll(new TextEncoder().encode("ping"));
 *   const into = new Uint8Array(16);
 *   assertEquals(yield* server.read(into), 4);
 *   client.close();
 *   assertEquals(yield* server.read(into), 0);
 * });
 * ```
 */
export function duplex(capacity: number = DEFAULT_CAPACITY_BYTES): [DuplexStream, DuplexStream] {
  if (!Number.isInteger(capacity) || capacity < 1) {
    throw new RangeError(`Expected a capacity in whole bytes from 1 up, got ${capacity}`);
  }
  const registry = new Registry();
  const end = () => new DuplexSource(registry, capacity, UNNAMED, UNNAMED);
  const [one, other] = [end(), end()];
  DuplexSource.connect(one, other);
  return [new DuplexStream(one, registry), new DuplexStream(other, registry)];
}
