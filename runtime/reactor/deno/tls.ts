import { showAddress } from "../../core/address.ts";
import { IoError } from "../../core/errors.ts";
import type { TcpAddress, TlsOptions } from "../../core/io.ts";
import type { Dialing } from "./connect.ts";
import { ioError } from "./errors.ts";
import { connectUnchecked, NodeConn } from "./node_conn.ts";

/** Connects, and shakes hands. */
export function dialTls(address: TcpAddress, options: TlsOptions): Dialing {
  return options.insecure ? dialUnchecked(address, options) : dialChecked(address, options);
}

/** By Deno's own sockets, which always check. Once it has begun Deno cannot give a handshake up. */
function dialChecked(address: TcpAddress, options: TlsOptions): Dialing {
  const doing = `connect to ${showAddress(address)}`;
  const { serverName = address.host, caCerts = [], onConnected } = options;
  let abandoned = false;
  const dial = async () => {
    const plain = await connectPlain(address, doing);
    if (abandoned) return plain;
    onConnected?.();
    plain.setNoDelay(true); // it cannot be said later
    const secured = await Deno.startTls(plain, { hostname: serverName, caCerts: [...caCerts] });
    try {
      await secured.handshake();
      return secured;
    } catch (error) {
      secured.close();
      throw handshakeError(doing, error);
    }
  };
  return { conn: dial(), abandon: () => void (abandoned = true) };
}

async function connectPlain({ host, port }: TcpAddress, doing: string): Promise<Deno.TcpConn> {
  try {
    return await Deno.connect({ hostname: host, port });
  } catch (error) {
    throw ioError(doing, error);
  }
}

/** By Node's sockets, which take any certificate. Deno 2.6 tells how the handshake went later. */
function dialUnchecked(address: TcpAddress, options: TlsOptions): Dialing {
  const doing = `connect to ${showAddress(address)}`;
  const { serverName = address.host, onConnected } = options;
  const { socket, connected, secured } = connectUnchecked(address.host, address.port, serverName);
  let arrived = false;
  const dial = async () => {
    try {
      await connected;
    } catch (error) {
      throw ioError(doing, error);
    }
    onConnected?.();
    try {
      await secured;
    } catch (error) {
      throw handshakeError(doing, error);
    }
    arrived = true;
    return NodeConn.over(socket);
  };
  return { conn: dial(), abandon: () => void (arrived || socket.destroy()) };
}

/** Whatever goes wrong while shaking hands is the handshake's failure, unless it has a name. */
function handshakeError(doing: string, error: unknown): IoError {
  const known = ioError(`${doing}: TLS`, error);
  if (known.kind !== "other") return known;
  return new IoError("tls-failed", known.message, { cause: error });
}
