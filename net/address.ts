import type { TcpAddress } from "../runtime/mod.ts";

/** Where to listen or connect; the host is this machine unless it says otherwise. */
export interface TcpEndpoint {
  readonly host?: string;
  readonly port: number;
}

/** `port: 0` lets the system choose when listening. */
export const LOCAL_HOST = "127.0.0.1";

export function tcpAddress({ host = LOCAL_HOST, port }: TcpEndpoint): TcpAddress {
  return { transport: "tcp", host, port };
}
