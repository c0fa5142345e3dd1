import { type Co, IoError } from "../../runtime/mod.ts";
import { type Listener, type Stream, TcpListener, UnixListener } from "../../net/mod.ts";
import { RuntimeFailure } from "./errors.ts";

/** Where a server is told to listen: on a host and port, or on a Unix socket instead. */
export interface Place {
  readonly unix?: string;
  readonly host: string;
  readonly port: number;
}

const FIRST_UNPRIVILEGED_PORT = 1024;

/** Listens there. @throws {RuntimeFailure} with what to do about it where that is known */
export function* listen(place: Place): Co<Listener<Stream>> {
  const { unix, host, port } = place;
  try {
    return yield* unix === undefined ? TcpListener.bind({ host, port }) : UnixListener.bind(unix);
  } catch (error) {
    if (error instanceof IoError) throw new RuntimeFailure(explain(error, place), { cause: error });
    throw error;
  }
}

function explain({ kind, message }: IoError, { unix, port }: Place): string {
  if (kind === "address-in-use" && unix !== undefined) {
    return `cannot ${message}; choose another path with --unix`;
  }
  if (kind === "address-in-use") {
    return `cannot ${message}; choose another with --port or --host, or a free one with --port 0`;
  }
  if (kind === "permission-denied" && unix === undefined && port < FIRST_UNPRIVILEGED_PORT) {
    return `cannot ${message}; ports below ${FIRST_UNPRIVILEGED_PORT} may need more rights, choose another with --port`;
  }
  return `cannot ${message}`;
}
