import { canonicalIp } from "../../net/ip.ts";
import { assertEquals } from "../support/assert.ts";

for (
  const [written, canonical] of [
    ["127.0.0.1", "127.0.0.1"],
    ["127.000.0.001", "127.0.0.1"],
    ["::1", "::1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["2001:DB8::0:1", "2001:db8::1"],
    ["::ffff:127.0.0.1", "::ffff:7f00:1"],
  ]
) {
  Deno.test(`canonicalIp: ${written} is ${canonical}`, () => {
    assertEquals(canonicalIp(written), canonical);
  });
}

Deno.test("canonicalIp: what is no address is undefined", () => {
  for (
    const host of ["localhost", "", "1.2.3", "1.2.3.256", "1.2.3.4.5", "::x", ":", "fe80::1%x"]
  ) {
    assertEquals(canonicalIp(host), undefined, host);
  }
});
