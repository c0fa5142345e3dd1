import type { Address, UdpAddress } from "../../core/io.ts";

/** Deno's address in ours. */
export function fromDeno(addr: Deno.Addr): Address {
  if (addr.transport === "tcp") {
    return { transport: "tcp", host: addr.hostname, port: addr.port };
  }
  // deno-lint-ignore no-explicit-any -- an unnamed Unix peer has no path, whatever the type says
  return { transport: "unix", path: (addr as any).path ?? "" };
}

/** Deno's address of a UDP socket in ours. */
export function udpFromDeno({ hostname, port }: Deno.NetAddr): UdpAddress {
  return { transport: "udp", host: hostname, port };
}
