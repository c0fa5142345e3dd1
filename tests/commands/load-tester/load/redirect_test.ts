import { RequestError } from "../../../../commands/load-tester/measure/failure_class.ts";
import { hop } from "../../../../commands/load-tester/load/redirect.ts";
import { Routes } from "../../../../commands/load-tester/target/route.ts";
import { assertEquals, assertThrows } from "../../../support/assert.ts";

const FROM = { url: "http://a.example/dir/x?q", method: "GET" };

function hopTo(location: string | undefined, from = FROM, status = 302) {
  return hop(from, { status, location }, new Routes());
}

Deno.test("redirect: it leads where browsers go", () => {
  const places: Record<string, string> = {
    "/y": "http://a.example/y",
    "y": "http://a.example/dir/y",
    "?z": "http://a.example/dir/x?z",
    "//b.example": "http://b.example/",
    "https://b.example:8443/y z": "https://b.example:8443/y%20z",
    "../../..": "http://a.example/",
    "": "http://a.example/dir/x?q",
  };
  for (const [location, url] of Object.entries(places)) {
    assertEquals(hopTo(location).url, url, location);
  }
});

Deno.test("redirect: what is sent there", () => {
  const { origin, ...hop } = hopTo("https://b.example:8443/y?z#part");
  assertEquals(hop, {
    method: "GET",
    target: "/y?z",
    keepsBody: true,
    url: "https://b.example:8443/y?z#part",
  });
  assertEquals([origin.secure, origin.hostField], [true, "b.example:8443"]);
  assertEquals(origin.endpoint, { host: "b.example", port: 8443 });
});

Deno.test("redirect: which methods become GET, and lose their bodies", () => {
  const methods: [number, string, string][] = [
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [303, "POST", "GET"],
    [303, "PUT", "GET"],
    [303, "HEAD", "HEAD"],
    [301, "PUT", "PUT"],
    [302, "DELETE", "DELETE"],
    [307, "POST", "POST"],
    [308, "POST", "POST"],
    [301, "HEAD", "HEAD"],
  ];
  for (const [status, method, expected] of methods) {
    const hop = hopTo("/y", { ...FROM, method }, status);
    assertEquals(
      [hop.method, hop.keepsBody],
      [expected, expected === method],
      `${status} ${method}`,
    );
  }
});

Deno.test("redirect: nowhere to go is a failure of its own", () => {
  const nowhere: [string | undefined, string][] = [
    [undefined, "a redirect to nowhere"],
    ["http://", "a redirect to http://"],
    ["ftp://a/", "a redirect to ftp://"],
    ["javascript:alert(1)", "a redirect to javascript:"],
  ];
  for (const [location, message] of nowhere) {
    const error = assertThrows(() => hopTo(location), RequestError, message);
    assertEquals(error.failure, "redirect");
  }
});
