/** Real clients against real and bad servers on a simulated network: the right class, and an end. */
import { type FailureKind, HttpConnection, HttpPool, RequestFailed, serve } from "wakeful/net";
import { type FieldsInit, TcpListener, type TcpStream } from "wakeful/net";
import { CancellationToken, type Co, IoError, scope, sleep } from "wakeful/runtime";
import { simulate, type World } from "wakeful/testing";
import { assert, assertEquals, assertInstanceOf, assertMatch } from "../../support/assert.ts";
import { octets } from "./codec/corpus.ts";
import { readPast } from "./raw.ts";

const PORT = 80;
const SEEDS = Array.from({ length: 8 }, (_, seed) => seed);
const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const TO_SERVER = { host: "server", port: PORT };

/** A server that does the same to every client. */
function badServer(treat: (stream: TcpStream) => Co<void>) {
  return function* (): Co<void> {
    using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: PORT });
    yield* scope(function* (s) {
      for (;;) {
        const stream = yield* listener.accept();
        s.spawn(function* () {
          using client = stream;
          try {
            yield* treat(client);
          } catch (error) {
            if (!(error instanceof IoError)) throw error;
          }
        });
      }
    });
  };
}

function* attempt(): Co<FailureKind | "ok"> {
  try {
    using connection = yield* HttpConnection.connect(TO_SERVER, { timeout: 5_000 });
    yield* (yield* connection.request()).body.discard();
    return "ok";
  } catch (error) {
    assertInstanceOf(error, RequestFailed);
    return error.kind;
  }
}

const BAD: [name: string, (stream: TcpStream) => Co<void>, expected: FailureKind][] = [
  ["stalls before it answers", () => sleepLong(), "timeout"],
  ["stalls in a head", (stream) => send(stream, HELLO.slice(0, 20), sleepLong()), "timeout"],
  ["stalls in a body", (stream) => send(stream, HELLO.slice(0, -2), sleepLong()), "timeout"],
  ["dribbles a byte a second", dribble, "timeout"],
  ["resets before it answers", (stream) => reset(stream), "reset"],
  [
    "resets in a head",
    (stream) => send(stream, HELLO.slice(0, 20), reset(stream)),
    "reset-in-answer",
  ],
  [
    "resets in a body",
    (stream) => send(stream, HELLO.slice(0, -2), reset(stream)),
    "reset-in-answer",
  ],
  ["closes early", (stream) => stream.shutdown() as never, "early-close"],
  ["tells too great a length", (stream) => send(stream, HELLO.slice(0, -1)), "short-body"],
  ["tells too small a length", (stream) => send(stream, `${HELLO}!`), "excess-bytes"],
  ["answers 1xx for ever", forEver, "protocol"],
  [
    "answers something else",
    (stream) => send(stream, "220 mail.example.org ESMTP\r\n"),
    "protocol",
  ],
];

function* sleepLong(): Co<void> {
  yield* sleep(3_600_000);
}

/** Reads the request first: closing with bytes unread would reset the connection. */
const afterwards = (treat: (stream: TcpStream) => Co<void>) =>
  function* (stream: TcpStream): Co<void> {
    yield* readPast(stream, "\r\n\r\n");
    yield* treat(stream);
  };

function* send(stream: TcpStream, text: string, then?: Co<void>): Co<void> {
  yield* stream.writeAll(octets(text));
  if (then !== undefined) yield* then;
}

/** Closes with the request unread. */
function* reset(stream: TcpStream): Co<void> {
  yield* stream.fill();
  yield* sleep(1_000); // so that what was sent arrives
  stream.close();
}

function* dribble(stream: TcpStream): Co<void> {
  for (const character of HELLO) {
    yield* send(stream, character);
    yield* sleep(1_000);
  }
}

function* forEver(stream: TcpStream): Co<void> {
  for (;;) yield* send(stream, "HTTP/1.1 100 Continue\r\n\r\n");
}

for (const [name, treat, expected] of BAD) {
  Deno.test(`HTTP simulated: a server that ${name}: ${expected}, on every seed`, async () => {
    for (const seed of SEEDS) {
      const { value } = await simulate({ seed, limit: 60_000 }, function* (world) {
        world.host("server", badServer(name.startsWith("resets") ? treat : afterwards(treat)));
        const client = world.host("client", attempt);
        // What is too much is seen when it comes with the answer, not in a later segment.
        world.link("client", "server", { latency: [0.5, 20] });
        return yield* client.outcome();
      });
      assertEquals(value, expected, `seed ${seed}`);
    }
  });
}

Deno.test("HTTP simulated: nobody listens: connect", async () => {
  const { value } = await simulate({ seed: 1 }, function* (world) {
    world.host("server", sleepLong);
    return yield* world.host("client", attempt).outcome();
  });
  assertEquals(value, "connect");
});

/** A server whose answers tell the request, until `stopping` is cancelled. */
function goodServer(world: World, stopping: CancellationToken) {
  world.host("server", function* () {
    using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: PORT });
    yield* serve(listener, function* (request) {
      const body = yield* request.body.bytes();
      yield* sleep(body.length % 7);
      return request.path === "/stream"
        ? {
          *body(out) {
            yield* out.write(body);
          },
        }
        : { body };
    }, { stopping });
  });
}

Deno.test("HTTP simulated: a pool of clients gets its own answers, whatever the network does", async () => {
  for (const seed of SEEDS) {
    const { value } = await simulate({ seed, limit: 600_000 }, function* (world) {
      const stopping = new CancellationToken();
      goodServer(world, stopping);
      const client = world.host("client", function* () {
        using pool = new HttpPool(TO_SERVER, { max: 3, timeout: 10_000 });
        const outcomes = { ok: 0, failed: 0 };
        yield* scope(function* (s) {
          for (let i = 0; i < 20; i++) {
            s.spawn(function* () {
              const body = new Uint8Array(i * 997).fill(i);
              const target = i % 2 === 0 ? "/" : "/stream";
              try {
                const echoed = yield* pool.request(
                  { method: "PUT", target, body },
                  (response) => response.body.bytes(),
                );
                assertEquals(echoed, body);
                outcomes.ok++;
              } catch (error) {
                assertInstanceOf(error, RequestFailed);
                outcomes.failed++;
              }
            });
          }
        });
        assert(pool.statistics().total <= 3);
        return outcomes;
      });
      world.link("client", "server", { latency: [1, 40], loss: 0.05, fragmentation: 0.3 });
      const outcomes = yield* client.outcome();
      stopping.cancel("done");
      yield* world.find("server").outcome();
      return outcomes;
    });
    assertEquals(value, { ok: 20, failed: 0 });
  }
});

Deno.test("HTTP simulated: a stale connection is replaced without anybody noticing", async () => {
  const { value } = await simulate({ seed: 3 }, function* (world) {
    world.host("server", function* () {
      using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: PORT });
      yield* serve(listener, function* () {
        return { body: "hi" };
      }, { idleTimeout: 1_000 });
    });
    const client = world.host("client", function* () {
      using pool = new HttpPool(TO_SERVER, { max: 1 });
      const seen: string[] = [];
      for (const pause of [0, 10, 2_000]) {
        yield* sleep(pause);
        seen.push(yield* pool.request({}, (response) => response.text()));
      }
      return { seen, created: pool.statistics().created };
    });
    return yield* client.outcome();
  });
  assertEquals(value, { seen: ["hi", "hi", "hi"], created: 2 });
});

const UNREAD: [name: string, bodyBytes: number, fields: FieldsInit, status: number][] = [
  ["a refusal", 1_000, {}, 413],
  ["an answer that leaves the body", 10_000_000, {}, 403],
  ["a last answer that leaves the body", 10_000_000, { Connection: "close" }, 403],
];

for (const [name, bodyBytes, fields, status] of UNREAD) {
  Deno.test(`HTTP simulated: ${name} reaches a client that is still sending`, async () => {
    for (const seed of SEEDS) {
      const { value } = await simulate({ seed, limit: 60_000 }, function* (world) {
        world.host("server", function* () {
          using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: PORT });
          yield* serve(listener, function* () {
            return { status: 403 };
          }, { limits: { bodyBytes } });
        });
        const client = world.host("client", function* () {
          using connection = yield* HttpConnection.connect(TO_SERVER, { timeout: 10_000 });
          const body = new Uint8Array(1_000_000);
          const response = yield* connection.request({ method: "POST", fields, body });
          yield* response.body.discard();
          return response.status;
        });
        return yield* client.outcome();
      });
      assertEquals(value, status, `seed ${seed}`);
    }
  });
}

Deno.test("HTTP simulated: a 100 is never missed, in whatever order tasks run", async () => {
  for (const seed of SEEDS) {
    const { value } = await simulate({ seed }, function* (world) {
      const stopping = new CancellationToken();
      goodServer(world, stopping);
      const client = world.host("client", function* () {
        using connection = yield* HttpConnection.connect(TO_SERVER);
        const request = { method: "POST", body: "body", expectContinue: true };
        const response = yield* connection.request(request);
        assertEquals(yield* response.text(), "body");
        return response.times.done! - response.times.begun;
      });
      return yield* client.outcome();
    });
    assert(value < 100, `${value} ms`);
  }
});

Deno.test("HTTP simulated: Date is the simulation's", async () => {
  const { value } = await simulate({ seed: 1 }, function* (world) {
    const stopping = new CancellationToken();
    goodServer(world, stopping);
    const client = world.host("client", function* () {
      yield* sleep(2_500);
      using connection = yield* HttpConnection.connect(TO_SERVER);
      const response = yield* connection.request();
      yield* response.body.discard();
      return response.fields.get("date");
    });
    return yield* client.outcome();
  });
  assertMatch(String(value), /^Wed, 01 Jan 2025 00:00:0[23] GMT$/);
});
