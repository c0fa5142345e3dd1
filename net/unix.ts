import type { Future, Io, StreamSource, UnixAddress } from "../runtime/mod.ts";
import { Connect } from "./connect.ts";
import { bind, Listener } from "./listener.ts";
import { Stream } from "./stream.ts";

const wrap = (source: StreamSource, io: Io) => new UnixStream(source, io);

/** A connection over a Unix socket. */
export class UnixStream extends Stream {
  /**
   * Connects to the socket at `path`.
   *
   * Cancel safety: safe; a dropped attempt is abandoned.
   *
   * @throws {IoError} `not-found`, `connection-refused`, `permission-denied`
   */
  static connect(path: string): Future<UnixStream> {
    return new Connect({ transport: "unix", path }, wrap);
  }

  get peerAddr(): UnixAddress {
    return this.source.peerAddr as UnixAddress;
  }
}

/** A listening Unix socket. Its file stays when it is closed, as the system has it. */
export class UnixListener extends Listener<UnixStream> {
  /**
   * Binds and listens at `path`, which must not exist.
   *
   * @throws {IoError} `address-in-use`, `not-found` for a missing folder, `permission-denied`
   */
  static override bind(path: string): Future<UnixListener> {
    return bind(
      { transport: "unix", path },
      {},
      (source, io) => new UnixListener(source, io, wrap),
    );
  }

  get localAddr(): UnixAddress {
    return this.source.localAddr as UnixAddress;
  }
}
