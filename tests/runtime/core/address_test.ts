import { type Address, showAddress, type UdpAddress } from "wakeful/runtime";
import { assertEquals } from "../../support/assert.ts";

const EXAMPLES: [Address | UdpAddress, string][] = [
  [{ transport: "tcp", host: "127.0.0.1", port: 8080 }, "127.0.0.1:8080"],
  [{ transport: "tcp", host: "::1", port: 80 }, "[::1]:80"],
  [{ transport: "tcp", host: "localhost", port: 1 }, "localhost:1"],
  [{ transport: "udp", host: "::", port: 53 }, "[::]:53"],
  [{ transport: "unix", path: "/run/echo.sock" }, "unix:/run/echo.sock"],
];

for (const [address, shown] of EXAMPLES) {
  Deno.test(`showAddress: writes ${shown}`, () => assertEquals(showAddress(address), shown));
}
