import {
  type Future,
  type Io,
  type ListenOptions,
  pollFn,
  type StreamSource,
  type TcpAddress,
} from "../runtime/mod.ts";
import { tcpAddress, type TcpEndpoint } from "./address.ts";
import { Connect } from "./connect.ts";
import { Listener } from "./listener.ts";
import { Stream } from "./stream.ts";

const wrap = (source: StreamSource, io: Io) => new TcpStream(source, io);

/**
 * A TCP connection.
 *
 * @example Send a line, receive it back
 * ```ts
 * import { blockOn, scope } from "wakeful/runtime";
 * import { TcpListener, TcpStream } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * const answer = await blockOn(function* () {
 *   using listener = yield* TcpListener.bind({ port: 0 });
 *   return yield* scope(function* (s) {
 *     s.spawn(function* () {
 *       using client = yield* listener.accept();
 *       const buffer = new Uint8Array(16);
 *       const n = yield* client.read(buffer);
 *       yield* client.writeAll(buffer.subarray(0, n));
 *     });
 *     using stream = yield* TcpStream.connect(listener.localAddr);
 *     yield* stream.writeAll(new TextEncoder().encode("hello\n"));
 *     const line = new Uint8Array(6);
 *     yield* stream.readExact(line);
 *     return new TextDecoder().decode(line);
 *   });
 * });
 * assertEquals(answer, "hello\n");
 * ```
 */
export class TcpStream extends Stream<TcpAddress> {
  /**
   * Connects; the host may be a name.
   *
   * Cancel safety: safe; a dropped attempt is abandoned.
   *
   * @throws {IoError} `connection-refused`, `host-not-found`, `timed-out`, `permission-denied`
   */
  static connect(endpoint: TcpEndpoint): Future<TcpStream> {
    const address = tcpAddress(endpoint);
    return new Connect((io) => io.connect(address), wrap);
  }

  /**
   * Takes over a connection that another thread's stream has released.
   *
   * Cancel safety: safe; until it is polled the descriptor stays as it is, and it does not wait.
   *
   * @throws {NoDescriptors} on other drivers than epoll
   * @throws {IoError} when there is no such descriptor
   */
  static adopt(descriptor: number): Future<TcpStream> {
    return pollFn(({ loop: { io } }) => wrap(io.adopt(descriptor), io));
  }

  /** Whether small writes go out at once, without Nagle's algorithm; at first as Deno has it. */
  setNoDelay(on: boolean): void {
    this.source.setNoDelay(on);
  }
}

/** A listening TCP socket. */
export class TcpListener extends Listener<TcpStream, TcpAddress> {
  /**
   * Binds and listens. Port 0 lets the system choose; `localAddr` then tells.
   *
   * Cancel safety: safe; it binds when it is polled, and does not wait.
   *
   * @throws {IoError} `address-in-use`, `address-not-available`, `permission-denied`
   */
  static override bind(endpoint: TcpEndpoint & ListenOptions): Future<TcpListener> {
    const address = tcpAddress(endpoint);
    return pollFn(({ loop: { io } }) => new TcpListener(io.listen(address, endpoint), io, wrap));
  }
}
