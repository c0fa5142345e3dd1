import {
  type Co,
  type Future,
  type Io,
  IoError,
  type ListenerSource,
  pollFn,
  type StreamSource,
  type UnixAddress,
} from "../runtime/mod.ts";
import { Connect } from "./connect.ts";
import { Listener } from "./listener.ts";
import { Stream } from "./stream.ts";

const wrap = (source: StreamSource, io: Io) => new UnixStream(source, io);

/**
 * A connection over a Unix socket.
 *
 * @example
 * ```ts
 * import { blockOn } from "wakeful/runtime";
 * import { UnixListener, UnixStream } from "wakeful/net";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = Deno.makeTempDirSync();
 * await blockOn(function* () {
 *   using listener = yield* UnixListener.bind(`${folder}/socket`);
 *   using client = yield* UnixStream.connect(listener.localAddr.path);
 *   using server = yield* listener.accept();
 *   yield* client.writeAll(new Uint8Array([1, 2, 3]));
 *   const received = new Uint8Array(3);
 *   yield* server.readExact(received);
 *   assertEquals(received, new Uint8Array([1, 2, 3]));
 * });
 * Deno.removeSync(folder); // the socket's file went with its listener
 * ```
 */
export class UnixStream extends Stream<UnixAddress> {
  /**
   * Connects to the socket at `path`.
   *
   * Cancel safety: safe; a dropped attempt is abandoned.
   *
   * @throws {IoError} `not-found`, `connection-refused`, `permission-denied`
   */
  static connect(path: string): Future<UnixStream> {
    return new Connect((io) => io.connect({ transport: "unix", path }), wrap);
  }

  /**
   * Takes over a connection that another thread's stream has released.
   *
   * Cancel safety: safe; until it is polled the descriptor stays as it is, and it does not wait.
   *
   * @throws {NoDescriptors} on other drivers than epoll
   * @throws {IoError} when there is no such descriptor
   */
  static adopt(descriptor: number): Future<UnixStream> {
    return pollFn(({ loop: { io } }) => wrap(io.adopt(descriptor), io));
  }
}

/** A listening Unix socket. */
export class UnixListener extends Listener<UnixStream, UnixAddress> {
  #io: Io;
  #closed = false;

  private constructor(source: ListenerSource, io: Io) {
    super(source, io, wrap);
    this.#io = io;
  }

  /**
   * Binds and listens at `path`. A socket that a dead process left there is replaced; one that
   * answers, and any other file, is left alone.
   *
   * Cancel safety: safe; nothing stays behind.
   *
   * @throws {IoError} `address-in-use`, `not-found` for a missing folder, `permission-denied`
   */
  static override *bind(path: string): Co<UnixListener> {
    const listen = () =>
      pollFn(({ loop: { io } }) => new UnixListener(io.listen({ transport: "unix", path }), io));
    try {
      return yield* listen();
    } catch (error) {
      if (!(error instanceof IoError && error.kind === "address-in-use")) throw error;
      if (yield* answers(path)) throw error;
    }
    yield* pollFn(({ loop: { io } }) => io.removeSocketFile(path));
    return yield* listen();
  }

  /** Stops listening and removes the socket's file. */
  override close(): void {
    if (this.#closed) return;
    this.#closed = true;
    super.close();
    this.#io.removeSocketFile(this.localAddr.path);
  }
}

/** Whether anybody listens at `path`. */
function* answers(path: string): Co<boolean> {
  try {
    (yield* UnixStream.connect(path)).close();
    return true;
  } catch (error) {
    if (error instanceof IoError && error.kind === "connection-refused") return false;
    throw error;
  }
}
