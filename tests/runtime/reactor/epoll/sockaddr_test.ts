import { IoError } from "wakeful/runtime";
import { AF_INET, AF_INET6, AF_UNIX } from "../../../../runtime/reactor/epoll/libc.ts";
import {
  inetSockAddr,
  keepAddress,
  keptAddress,
  SOCKADDR_BYTES,
  toAddress,
  toUdpAddress,
  unixSockAddr,
} from "../../../../runtime/reactor/epoll/sockaddr.ts";
import { assertEquals, assertThrows } from "../../../support/assert.ts";
import "../../../support/epoll.ts";

for (const [host, family] of [["192.0.2.7", AF_INET], ["2001:db8::1", AF_INET6]] as const) {
  Deno.test(`sockaddr: ${host} goes there and back`, () => {
    const address = inetSockAddr(host, 8080)!;
    assertEquals(address.family, family);
    const { bytes } = address;
    assertEquals(toAddress(bytes, bytes.length), { transport: "tcp", host, port: 8080 });
    assertEquals(toUdpAddress(bytes, bytes.length), { transport: "udp", host, port: 8080 });
  });
}

Deno.test("sockaddr: a name is no number", () => {
  for (const host of ["localhost", "1.2.3", "fe80::1%lo", ""]) {
    assertEquals(inetSockAddr(host, 1), undefined);
  }
});

Deno.test("sockaddr: a path goes there and back; an unnamed socket's is empty", () => {
  const { family, bytes } = unixSockAddr("/run/ä.sock");
  assertEquals(family, AF_UNIX);
  assertEquals(toAddress(bytes, bytes.length), { transport: "unix", path: "/run/ä.sock" });
  assertEquals(toAddress(bytes, 2), { transport: "unix", path: "" });
});

Deno.test("sockaddr: a path may be as long as the system takes it, in bytes, and no longer", () => {
  const longest = `/${"x".repeat(106)}`;
  const { bytes } = unixSockAddr(longest);
  assertEquals([bytes.length, toAddress(bytes, bytes.length)], [
    SOCKADDR_BYTES,
    { transport: "unix", path: longest },
  ]);
  assertThrows(() => unixSockAddr(`${longest}x`), IoError, "longer than 107 bytes");
  assertThrows(() => unixSockAddr(`/${"ä".repeat(54)}`), IoError, "longer");
});

Deno.test("sockaddr: what C would cut, or take for something else, is refused", () => {
  assertThrows(() => unixSockAddr(""), IoError, "empty");
  assertThrows(() => unixSockAddr("\0abstract"), IoError, "zero byte");
  assertThrows(() => inetSockAddr("127.0.0.1\0x", 1), IoError, "zero byte");
});

Deno.test("keepAddress: every address comes back as it was", () => {
  for (const host of ["0.0.0.0", "127.0.0.1", "192.0.2.255", "255.255.255.255", "::1", "fe80::1"]) {
    for (const port of [0, 1, 8080, 65_535]) {
      const { bytes } = inetSockAddr(host, port)!;
      const kept = keepAddress(bytes);
      bytes.fill(0);
      assertEquals(keptAddress(kept), { transport: "tcp", host, port });
    }
  }
  const { bytes } = unixSockAddr("/tmp/a.sock");
  assertEquals(keptAddress(keepAddress(bytes)), { transport: "unix", path: "/tmp/a.sock" });
});
