import type { TcpStream } from "wakeful/net";
import { type Co, sleep } from "wakeful/runtime";
import { assert, assertEquals } from "../../../support/assert.ts";
import { bytes } from "../../../support/bytes.ts";
import { readPast } from "../../../net/http1/raw.ts";
import {
  answeringAfter,
  atRate,
  book,
  CLOSED,
  GET,
  type Given,
  loadOn,
  serving,
  treating,
} from "../rig.ts";

const HEAD_END = "\r\n\r\n";
const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const FOUR = { passes: [{ ...CLOSED, count: 4 }] };
const POST = { ...GET, method: "POST", body: bytes("n={{seq}}") };

function* say(stream: TcpStream, text: string): Co<void> {
  yield* stream.writeAll(bytes(text));
}

/** Answers so many requests and closes; what was asked is noted. */
function closingAfter(count: number, asked: string[] = [], pause = 0): () => Co<void> {
  return treating(function* (stream) {
    for (let i = 0; i < count; i++) {
      const text = yield* readPast(stream, HEAD_END);
      if (text === "") return;
      asked.push(text);
      yield* say(stream, HELLO);
      yield* sleep(pause);
    }
  });
}

/** What went wrong in runs against a server like that. */
async function failures(
  treat: (stream: TcpStream) => Co<void>,
  given: Partial<Given> = {},
): Promise<Record<string, number>> {
  const run = await loadOn(treating(treat), { ...FOUR, ...given });
  return { ...book(run), connections: run.meter.connections };
}

Deno.test("client: one connection is enough for all its requests", async () => {
  const run = await loadOn(answeringAfter(1), { clients: 3, passes: [{ ...CLOSED, count: 30 }] });
  assertEquals([book(run).ok, run.meter.connections], [30, 3]);
});

Deno.test("client: without keep-alive each request has a connection of its own", async () => {
  const setup = { shape: { ...GET, close: true } };
  const run = await loadOn(answeringAfter(1), { setup, ...FOUR });
  assertEquals([book(run).ok, run.meter.connections, run.meter.retried], [4, 4, 0]);
});

Deno.test("client: a kept connection that the server has closed is replaced, and that is no failure", async () => {
  const passes = [{ ...atRate(10), count: 6 }];
  for (const shape of [GET, POST]) { // even POST, of which nothing went out
    const asked: string[] = [];
    const run = await loadOn(closingAfter(2, asked), { setup: { shape }, passes });
    assertEquals(book(run), { planned: 6, sent: 6, ok: 6 });
    assertEquals([run.meter.connections, run.meter.retried, asked.length], [3, 2, 6]);
  }
});

Deno.test("client: what may not be asked for twice is asked for once, if it went out", async () => {
  /** Takes each second request of a connection and closes without a word. */
  const rude = (asked: string[]) =>
    treating(function* (stream) {
      asked.push(yield* readPast(stream, "n="));
      yield* say(stream, HELLO);
      asked.push(yield* readPast(stream, "n="));
    });
  const posts: string[] = [];
  const posted = await loadOn(rude(posts), { setup: { shape: POST }, ...FOUR });
  assertEquals(book(posted), { planned: 4, sent: 4, ok: 2, closed: 2 });
  assertEquals([posts.length, posted.meter.retried], [4, 0]);
  const puts: string[] = [];
  const put = await loadOn(rude(puts), { setup: { shape: { ...POST, method: "PUT" } }, ...FOUR });
  assertEquals([book(put), put.meter.retried], [{ planned: 4, sent: 4, ok: 4 }, 3]);
});

Deno.test("client: it asks a dead connection once more, not for ever", async () => {
  let connections = 0;
  const run = await failures(function* (stream) {
    yield* readPast(stream, HEAD_END);
    if (++connections === 1) {
      yield* say(stream, HELLO);
      yield* readPast(stream, HEAD_END);
    }
  });
  assertEquals(run, { planned: 4, sent: 4, ok: 1, closed: 3, connections: 4 });
});

Deno.test("client: an answer that breaks off in the middle is not asked for again", async () => {
  const run = await failures(function* (stream) {
    yield* readPast(stream, HEAD_END);
    yield* say(stream, HELLO);
    yield* stream.fill(); // closed with this unread, it resets
    yield* say(stream, HELLO.slice(0, 20));
    yield* sleep(10); // so that what was said arrives
  });
  assertEquals(run, { planned: 4, sent: 4, ok: 2, reset: 2, connections: 2 });
});

Deno.test("client: nobody listens: after five attempts it gives up", async () => {
  const run = await loadOn(() => sleep(100_000), { passes: [{ ...CLOSED, count: 100 }] });
  assertEquals(book(run), { planned: 100, sent: 5, notSent: 95, refused: 5 });
  assert(run.meter.isHopeless);
});

Deno.test("client: a name that nobody has is another failure", async () => {
  const setup = { urls: ["http://nobody.invalid/"] };
  const run = await loadOn(answeringAfter(1), { setup, ...FOUR });
  assertEquals(book(run), { planned: 4, sent: 4, DNS: 4 });
});

Deno.test("client: each way of a server to fail is told by its name, and none hangs", async () => {
  const afterHead = (treat: (stream: TcpStream) => Co<void>) =>
    function* (stream: TcpStream): Co<void> {
      yield* readPast(stream, HEAD_END);
      yield* treat(stream);
    };
  const all = { planned: 4, sent: 4, connections: 4 };
  const setup = { timeout: 500 };
  const stalls = afterHead((stream) => readPast(stream, "\0") as Co<never>);
  assertEquals(await failures(stalls, { setup }), { ...all, timeout: 4 });
  const dribbles = afterHead(function* (stream) {
    for (const character of HELLO) {
      yield* say(stream, character);
      yield* sleep(100);
    }
  });
  assertEquals(await failures(dribbles, { setup }), { ...all, timeout: 4 });
  const cuts = afterHead((stream) => say(stream, HELLO.slice(0, -1)));
  assertEquals(await failures(cuts), { ...all, "cut short": 4 });
  const babbles = afterHead((stream) => say(stream, "220 mail ESMTP\r\n"));
  assertEquals(await failures(babbles), { ...all, malformed: 4 });
  const closes = afterHead(function* () {});
  assertEquals(await failures(closes), { ...all, closed: 4 });
  assertEquals(
    await failures(function* (stream) {
      yield* stream.fill(); // closed with the request unread, it resets
    }),
    { ...all, reset: 4 },
  );
});

Deno.test("client: a timeout counts from when the request was sent", async () => {
  const run = await loadOn(answeringAfter(1_000), { setup: { timeout: 300 }, ...FOUR });
  assertEquals(run.seen.map(({ begun, done }) => Math.round(done - begun)), [300, 300, 300, 300]);
});

/** A server with a chain of redirects: /3 leads to /2, and so on to /0. */
const chain = serving(function* ({ path, method, body }) {
  const left = Number(path.slice(1));
  if (left === 0) return { body: `${method} ${yield* body.text()}` };
  return { status: 302, fields: { Location: `/${left - 1}` }, body: "elsewhere" };
});

Deno.test("client: redirects are followed as far as they may be", async () => {
  const urls = ["http://server/2"];
  const follow = (redirects: number) => loadOn(chain, { setup: { urls, redirects }, ...FOUR });
  const none = await follow(0);
  assertEquals([book(none), none.meter.redirects], [{ planned: 4, sent: 4, ok: 4 }, 0]);
  assertEquals(Object.entries(none.meter.total().statuses), [["302", 4]]);
  const two = await follow(2);
  assertEquals(Object.entries(two.meter.total().statuses), [["200", 4]]);
  assertEquals([two.meter.redirects, two.meter.connections], [8, 1]);
  assert(two.seen[0].bytes > 2 * none.seen[0].bytes, "all answers count");
  const one = await follow(1);
  assertEquals(book(one), { planned: 4, sent: 4, redirect: 4 });
  assertEquals(one.meter.messages.redirect, "more than 1 redirects");
});

Deno.test("client: each redirect is relative to the one before it", async () => {
  const places: Record<string, string> = { "/": "a/x", "/a/x": "b/y", "/a/b/y": "./z" };
  const asked: string[] = [];
  const server = serving(function* ({ path }) {
    asked.push(path);
    const place = places[path];
    return place === undefined ? {} : { status: 302, fields: { Location: place } };
  });
  await loadOn(server, { setup: { redirects: 9 }, passes: [{ ...CLOSED, count: 1 }] });
  assertEquals(asked, ["/", "/a/x", "/a/b/y", "/a/b/z"]);
});

Deno.test("client: a redirect that leads nowhere, and one in a circle", async () => {
  const nowhere = serving(function* () {
    return { status: 301, fields: { Location: "gopher://server/" } };
  });
  const lost = await loadOn(nowhere, { setup: { redirects: 3 }, ...FOUR });
  assertEquals(book(lost), { planned: 4, sent: 4, redirect: 4 });
  const circle = serving(function* () {
    return { status: 301, fields: { Location: "/" } };
  });
  const dizzy = await loadOn(circle, { setup: { redirects: 3 }, ...FOUR });
  assertEquals([book(dizzy), dizzy.meter.redirects], [{ planned: 4, sent: 4, redirect: 4 }, 12]);
});

Deno.test("client: a redirect that does not say where is an answer as any other", async () => {
  const vague = serving(function* () {
    return { status: 301 };
  });
  const run = await loadOn(vague, { setup: { redirects: 3 }, ...FOUR });
  assertEquals(book(run), { planned: 4, sent: 4, ok: 4 });
});

Deno.test("client: a redirect to another host is asked for there", async () => {
  const hosts: (string | undefined)[] = [];
  const server = serving(function* ({ path, fields }) {
    hosts.push(fields.get("host"));
    return path === "/" ? { status: 307, fields: { Location: "http://other.example/x" } } : {};
  });
  const overrides = [{ host: "other.example", port: 80, address: "server" }];
  const run = await loadOn(server, { setup: { redirects: 1, overrides }, ...FOUR });
  assertEquals([book(run).ok, run.meter.connections], [4, 2]);
  assertEquals(hosts.slice(0, 2), ["server", "other.example"]);
});

Deno.test("client: each request is filled in by its number", async () => {
  const bodies: string[] = [];
  const server = serving(function* ({ path, body }) {
    bodies.push(`${path} ${yield* body.text()}`);
    return {};
  });
  const setup = { urls: ["http://server/{{seq}}"], shape: POST };
  const run = await loadOn(server, { setup, ...FOUR });
  assertEquals(bodies, ["/1 n=1", "/2 n=2", "/3 n=3", "/4 n=4"]);
  assert(run.meter.total().bytesOut > 4 * 60);
});
