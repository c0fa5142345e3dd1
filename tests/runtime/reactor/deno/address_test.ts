import { fromDeno, udpFromDeno } from "../../../../runtime/reactor/deno/address.ts";
import { assertEquals } from "../../../support/assert.ts";

Deno.test("fromDeno: a TCP address keeps host and port", () => {
  const addr: Deno.NetAddr = { transport: "tcp", hostname: "::1", port: 80 };
  assertEquals(fromDeno(addr), { transport: "tcp", host: "::1", port: 80 });
});

Deno.test("fromDeno: a Unix address keeps its path, and an unnamed peer's is empty", () => {
  assertEquals(fromDeno({ transport: "unix", path: "/x" }), { transport: "unix", path: "/x" });
  const unnamed = { transport: "unix" } as Deno.UnixAddr;
  assertEquals(fromDeno(unnamed), { transport: "unix", path: "" });
});

Deno.test("udpFromDeno: keeps host and port", () => {
  const addr: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port: 53 };
  assertEquals(udpFromDeno(addr), { transport: "udp", host: "127.0.0.1", port: 53 });
});
