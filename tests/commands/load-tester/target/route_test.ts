import { UsageError } from "../../../../commands/cli/errors.ts";
import { readOverride, Routes } from "../../../../commands/load-tester/target/route.ts";
import { readWebAddress } from "../../../../commands/load-tester/target/web_address.ts";
import { assertEquals, assertStrictEquals, assertThrows } from "../../../support/assert.ts";

function originOf(url: string, routes = new Routes()) {
  return routes.to(readWebAddress(url));
}

Deno.test("route: the same scheme, host and port is the same origin", () => {
  const routes = new Routes();
  const one = originOf("http://a.example:8080/x", routes);
  assertStrictEquals(originOf("a.example:8080/y?z", routes), one);
  const others = ["https://a.example:8080", "http://a.example", "http://b.example:8080"]
    .map((url) => originOf(url, routes));
  assertEquals([one, ...others].map(({ id }) => id), [0, 1, 2, 3]);
  assertEquals(routes.origins, [one, ...others]);
});

Deno.test("route: an origin knows where to connect, and whom the certificate has to name", () => {
  assertEquals(originOf("https://a.example/x"), {
    id: 0,
    secure: true,
    host: "a.example",
    hostField: "a.example",
    endpoint: { host: "a.example", port: 443 },
  });
});

Deno.test("route: --resolve leads elsewhere for that host and port alone", () => {
  const overrides = [readOverride("A.example:443:10.0.0.1"), readOverride("[::1]:80:[::2]")];
  const routes = new Routes({ overrides });
  const endpoint = (url: string) => originOf(url, routes).endpoint;
  assertEquals(endpoint("https://a.example"), { host: "10.0.0.1", port: 443 });
  assertEquals(endpoint("http://[::1]"), { host: "::2", port: 80 });
  assertEquals(endpoint("http://a.example"), { host: "a.example", port: 80 });
  assertEquals(endpoint("https://b.example"), { host: "b.example", port: 443 });
  assertEquals(originOf("https://a.example", routes).host, "a.example");
});

Deno.test("route: a Unix socket takes everything", () => {
  const routes = new Routes({ unix: "/run/x.sock" });
  const { endpoint, hostField } = originOf("http://a.example/", routes);
  assertEquals([endpoint, hostField], [{ unix: "/run/x.sock" }, "a.example"]);
});

Deno.test("route: --resolve takes HOST:PORT:ADDRESS, IPv6 on either side", () => {
  const read = (word: string) => Object.values(readOverride(word));
  assertEquals(read("a.example:80:127.0.0.1"), ["a.example", 80, "127.0.0.1"]);
  assertEquals(read("a.example:80:[::1]"), ["a.example", 80, "::1"]);
  assertEquals(read("a.example:80:::1"), ["a.example", 80, "::1"]);
  assertEquals(read("[::1]:80:b.example"), ["::1", 80, "b.example"]);
  for (const word of ["", "a", "a:80", "a:b:c", "a:99999:b", ":80:b", "a:80:"]) {
    assertThrows(() => readOverride(word), UsageError, "expected HOST:PORT:ADDRESS", word);
  }
});
