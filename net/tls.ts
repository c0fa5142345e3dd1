import type { Future, Io, StreamSource, TcpAddress, TlsOptions } from "../runtime/mod.ts";
import { tcpAddress, type TcpEndpoint } from "./address.ts";
import { Connect } from "./connect.ts";
import { Stream } from "./stream.ts";

const wrap = (source: StreamSource, io: Io) => new TlsStream(source, io);

/**
 * An encrypted TCP connection, of the side that connects. The platform does the encrypting, so
 * only the `deno` driver has it.
 */
export class TlsStream extends Stream<TcpAddress> {
  /**
   * Connects and shakes hands; the host may be a name, which the certificate then has to name.
   *
   * Cancel safety: safe; a dropped attempt is abandoned. In the middle of a handshake Deno cannot
   * end it: then the connection lasts until the peer answers or goes, unless it is `insecure`.
   *
   * @throws {IoError} `tls-failed` when the certificate is not trusted or the handshake goes wrong,
   * otherwise as {@link TcpStream.connect}
   * @throws {DriverUnavailable} on another driver
   *
   * @example A port where nobody speaks TLS
   * ```ts
   * import { blockOn, IoError, scope } from "wakeful/runtime";
   * import { TcpListener, TlsStream } from "wakeful/net";
   * import { assertEquals } from "@std/assert";
   *
   * await blockOn(function* () {
   *   using listener = yield* TcpListener.bind({ port: 0 });
   *   yield* scope(function* (s) {
   *     s.spawn(function* () {
   *       using client = yield* listener.accept();
   *       yield* client.writeAll(new TextEncoder().encode("what do you want?\n"));
   *     });
   *     try {
   *       yield* TlsStream.connect(listener.localAddr);
   *     } catch (error) {
   *       assertEquals(error instanceof IoError && error.kind, "tls-failed");
   *     }
   *   });
   * });
   * ```
   */
  static connect(endpoint: TcpEndpoint, options: TlsOptions = {}): Future<TlsStream> {
    const address = tcpAddress(endpoint);
    return new Connect((io) => io.connectTls(address, options), wrap);
  }
}
