import type { TcpAddress, UdpAddress } from "../runtime/mod.ts";

/** Where to listen or connect; the host is this machine unless it says otherwise. */
export interface TcpEndpoint {
  readonly host?: string;
  readonly port: number;
}

/** Where to bind a UDP socket or send to; the host is this machine unless it says otherwise. */
export type UdpEndpoint = TcpEndpoint;

/** `port: 0` lets the system choose when listening. */
export const LOCAL_HOST = "127.0.0.1";

export function tcpAddress({ host = LOCAL_HOST, port }: TcpEndpoint): TcpAddress {
  return { transport: "tcp", host, port };
}

export function udpAddress({ host = LOCAL_HOST, port }: UdpEndpoint): UdpAddress {
  return { transport: "udp", host, port };
}
