import { Random } from "wakeful/runtime";
import { UsageError } from "../../../../commands/cli/errors.ts";
import { type Origin, Routes } from "../../../../commands/load-tester/target/route.ts";
import { type RequestShape, Target } from "../../../../commands/load-tester/target/target.ts";
import { readWebAddress } from "../../../../commands/load-tester/target/web_address.ts";
import { assertEquals, assertStrictEquals, assertThrows } from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";

const GET: RequestShape = { method: "GET", headers: [], body: undefined, close: false };
const AGENT = "User-Agent: wakeful-load-tester";
const FILES: Record<string, readonly string[]> = { colours: ["red", "dark green"] };

function targetOf(url: string, shape: Partial<RequestShape> = {}): Target {
  return new Target(url, { ...GET, ...shape }, new Routes(), (path) => FILES[path]);
}

/** Another origin than that of a target. */
function elsewhere(url: string): Origin {
  const routes = new Routes();
  routes.to(readWebAddress("http://a/"));
  return routes.to(readWebAddress(url));
}

function filling(seq = 1) {
  return { seq, random: new Random(1) };
}

/** What goes over the connection, as lines. */
function sent(target: Target, seq = 1): string[] {
  const { bytes, rest } = target.request(filling(seq));
  return (textOf(bytes) + (rest === undefined ? "" : textOf(rest))).split("\r\n");
}

Deno.test("target: a request as it goes out", () => {
  assertEquals(sent(targetOf("a.example:8080/x?y")), [
    ...["GET /x?y HTTP/1.1", "Host: a.example:8080", AGENT, "", ""],
  ]);
  assertEquals(sent(targetOf("http://[::1]/", { method: "HEAD", close: true })), [
    ...["HEAD / HTTP/1.1", "Host: [::1]", AGENT, "Connection: close", "", ""],
  ]);
});

Deno.test("target: header fields are sent as they were typed, and replace our own", () => {
  const headers = ["X-A:1", "X-B : two words", "X-A: 3", "user-agent: me", "X-Empty:"];
  assertEquals(sent(targetOf("a", { headers })).slice(2, -2), [
    ...["X-A: 1", "X-B: two words", "X-A: 3", "user-agent: me", "X-Empty: "],
  ]);
  const close = sent(targetOf("a", { headers: ["Connection: keep-alive"], close: true }));
  assertEquals(close.filter((line) => /^connection/i.test(line)), ["Connection: keep-alive"]);
});

Deno.test("target: a Host of one's own is the only one", () => {
  const lines = sent(targetOf("127.0.0.1:8080", { headers: ["Host: a.example"] }));
  assertEquals(lines.filter((line) => /^host:/i.test(line)), ["Host: a.example"]);
});

Deno.test("target: bodies go with their length, as the bytes they are", () => {
  assertEquals(sent(targetOf("a", { method: "POST", body: bytes("häl") })).slice(-3), [
    ...["Content-Length: 4", "", "häl"],
  ]);
  const body = new Uint8Array([0xff, 0x00, 0x7b, 0x7b]);
  const { bytes: all } = targetOf("a", { method: "PUT", body }).request(filling());
  assertEquals(all.slice(-4), body);
});

Deno.test("target: what never changes is made once", () => {
  const constant = targetOf("a", { headers: ["X: 1"], body: bytes("{}") });
  assertStrictEquals(constant.request(filling(1)), constant.request(filling(2)));
});

Deno.test("target: places are filled in wherever they stand", () => {
  const target = targetOf("http://a/{{seq}}/{{line:colours}}?{{rand:3..3}}", {
    method: "POST",
    headers: ["X-Seq: {{seq}}", "X-Line: {{line:colours}}"],
    body: bytes('{"id":{{seq}},"c":"{{line:colours}}"}'),
  });
  assertEquals(
    sent(target, 2),
    [
      "POST /2/dark%20green?3 HTTP/1.1",
      "Host: a",
      AGENT,
      "X-Seq: 2",
      "X-Line: dark green",
      "Content-Length: 25",
      "",
      '{"id":2,"c":"dark green"}'.padEnd(25),
    ].map((line) => line.replace("27", "25")),
  );
  assertEquals(sent(target, 1)[0], "POST /1/red?3 HTTP/1.1");
});

Deno.test("target: what is after a redirect keeps the body, or loses all that is said of it", () => {
  const target = targetOf("http://a/x", {
    method: "POST",
    headers: ["Content-Type: text/plain", "X-Id: {{seq}}"],
    body: bytes("n={{seq}}"),
  });
  const to = { target: "/y", origin: elsewhere("http://b.example/") };
  const kept = target.redirected(filling(4), { ...to, method: "POST", keepsBody: true });
  assertEquals(textOf(kept.bytes).split("\r\n"), [
    "POST /y HTTP/1.1",
    "Host: b.example",
    AGENT,
    "Content-Type: text/plain",
    "X-Id: 4",
    "Content-Length: 3",
    "",
    "n=4",
  ]);
  const lost = target.redirected(filling(4), { ...to, method: "GET", keepsBody: false });
  assertEquals(textOf(lost.bytes).split("\r\n"), [
    ...["GET /y HTTP/1.1", "Host: b.example", AGENT, "X-Id: 4", "", ""],
  ]);
});

Deno.test("target: what is meant for one host goes to no other", () => {
  const headers = ["Authorization: secret", "COOKIE: a=b", "Host: own.example", "X-A: 1"];
  const target = targetOf("http://a/x", { headers });
  const fieldsAt = (origin: Origin) => {
    const { bytes } = target.redirected(filling(), {
      ...{ method: "GET", target: "/y", origin, keepsBody: true },
    });
    return textOf(bytes).split("\r\n").slice(1, -2);
  };
  assertEquals(fieldsAt(elsewhere("http://b/")), ["Host: b", AGENT, "X-A: 1"]);
  assertEquals(fieldsAt(target.origin), [AGENT, ...headers]);
});

Deno.test("target: its URL is whole, for what is relative to it", () => {
  assertEquals(targetOf("a.example:80/x?y").absolute, "http://a.example/x?y");
  assertEquals(targetOf("https://[::1]:8443").absolute, "https://[::1]:8443/");
});

Deno.test("target: what cannot be sent is refused before anything is", () => {
  const refusals: [Partial<RequestShape>, string][] = [
    [{ headers: ["no colon"] }, "--header \"no colon\": expected 'Name: value'"],
    [{ headers: [": no name"] }, "expected 'Name: value'"],
    [{ headers: ["X: a\r\nY: b"] }, "expected 'Name: value'"],
    [{ headers: ["X: a\x01b"] }, ""],
    [{ method: "GE T" }, ""],
    [{ headers: ["X: {{what}}"] }, "{{what}}: expected"],
    [{ body: bytes("{{rand:2..1}}") }, "{{rand:2..1}}: expected"],
  ];
  for (const [shape, message] of refusals) {
    assertThrows(() => targetOf("a", shape), UsageError, message);
  }
});
