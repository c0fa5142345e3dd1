import type { Address, UdpAddress } from "./io.ts";

/** An address for people: `127.0.0.1:8080`, `[::1]:8080`, `unix:/run/echo.sock`. */
export function showAddress(address: Address | UdpAddress): string {
  if (address.transport === "unix") return `unix:${address.path}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}
