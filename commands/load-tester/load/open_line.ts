import { type Co, currentLoop, IoError, TimedOut, timeout } from "../../../runtime/mod.ts";
import { TcpStream, TlsStream, type Transport, UnixStream } from "../../../net/mod.ts";
import { connectFailure, RequestError } from "../measure/failure_class.ts";
import type { Origin } from "../target/route.ts";
import { Line } from "./line.ts";

/** How connections are made, and how long an answer may take; in milliseconds. */
export interface ConnectionOptions {
  readonly connectTimeout: number;
  readonly timeout: number;
  /** Whether any certificate will do. */
  readonly insecure: boolean;
  /** A certificate in PEM that is trusted besides those of the system. */
  readonly caCert?: string;
}

/** A connection that was made, and how long that took. */
export interface Opened {
  readonly line: Line;
  readonly connectMs: number;
  readonly tlsMs: number | undefined;
}

/**
 * Connects to an origin.
 *
 * @throws {RequestError} when that is not possible in time
 */
export function* openLine(origin: Origin, options: ConnectionOptions): Co<Opened> {
  const { timers } = currentLoop();
  const begun = timers.read();
  let connected: number | undefined;
  const transport = yield* dial(origin, options, () => void (connected = timers.read()));
  const end = timers.read();
  return {
    line: new Line(transport, timers, options),
    connectMs: (connected ?? end) - begun,
    tlsMs: connected === undefined ? undefined : end - connected,
  };
}

/**
 * Connects, and no more; `onConnected` is told when a handshake begins.
 *
 * @throws {RequestError} when that is not possible in time
 */
export function* dial(
  origin: Origin,
  options: ConnectionOptions,
  onConnected: () => void = () => {},
): Co<Transport> {
  const connecting = connect(origin, options, onConnected);
  try {
    return yield* timeout(options.connectTimeout, connecting, "a connection");
  } catch (error) {
    if (!(error instanceof IoError || error instanceof TimedOut)) throw error;
    throw new RequestError(connectFailure(error), error);
  }
}

function* connect(
  { endpoint, secure, host }: Origin,
  { insecure, caCert }: ConnectionOptions,
  onConnected: () => void,
): Co<Transport> {
  if ("unix" in endpoint) return yield* UnixStream.connect(endpoint.unix);
  if (!secure) return yield* TcpStream.connect(endpoint);
  const caCerts = caCert === undefined ? [] : [caCert];
  return yield* TlsStream.connect(endpoint, { serverName: host, insecure, caCerts, onConnected });
}
