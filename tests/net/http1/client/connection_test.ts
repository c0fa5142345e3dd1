import { type FailureKind, type HttpConnection, ProtocolError, RequestFailed } from "wakeful/net";
import { type DuplexStream, encodeRequest, type HttpRequestInit, WrongLength } from "wakeful/net";
import { Busy, Closed, type Co, now, sleep, TimedOut, timeout } from "wakeful/runtime";
import { assert, assertEquals, assertInstanceOf, assertThrows } from "../../../support/assert.ts";
import { againstServer, readPast, readToEnd, say } from "../raw.ts";

const HEAD_END = "\r\n\r\n";
const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/** Answers each request with the next of the texts, then closes. */
function answering(...texts: string[]) {
  return function* (stream: DuplexStream): Co<void> {
    for (const text of texts) {
      yield* readPast(stream, HEAD_END);
      yield* say(stream, text);
    }
    yield* stream.shutdown();
  };
}

/** The failure that the exchange ends in, and the connection with it. */
function* failureOf(connection: HttpConnection): Co<[FailureKind, boolean] | string> {
  try {
    const response = yield* connection.request();
    return yield* response.text();
  } catch (error) {
    assertInstanceOf(error, RequestFailed);
    assert(!connection.reusable);
    return [error.kind, error.received];
  }
}

Deno.test("HttpConnection: two requests on one connection, and what went over it", () => {
  const sent: string[] = [];
  const seen = againstServer(function* (stream) {
    sent.push(yield* readPast(stream, HEAD_END));
    yield* say(stream, HELLO);
    sent.push(yield* readPast(stream, "body"));
    yield* say(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  }, function* (connection) {
    const first = yield* connection.request({ target: "/1", fields: { "X-A": [1, "b"] } });
    const seen: unknown[] = [first.status, first.head.reason, yield* first.text()];
    const second = yield* connection.request({ method: "POST", body: "body" });
    seen.push(second.status, yield* second.text(), connection.requests, connection.reusable);
    return seen;
  });
  assertEquals(seen, [200, "OK", "hello", 404, "", 2, true]);
  assertEquals(sent, [
    "GET /1 HTTP/1.1\r\nHost: test\r\nX-A: 1\r\nX-A: b\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody",
  ]);
});

Deno.test("HttpConnection: an encoded request is sent again and again", () => {
  const request = encodeRequest({ method: "PUT", target: "/x", body: "a" }, "test");
  const statuses = againstServer(answering(HELLO, HELLO, HELLO), function* (connection) {
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const response = yield* connection.request(request);
      statuses.push(response.status);
      yield* response.body.discard();
    }
    return statuses;
  });
  assertEquals(statuses, [200, 200, 200]);
});

const FAILURES: [name: string, text: string, FailureKind, received: boolean][] = [
  ["nothing", "", "early-close", false],
  ["half a head", "HTTP/1.1 200 OK\r\nCont", "early-close", true],
  ["half a body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "short-body", true],
  [
    "no last chunk",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    "short-body",
    true,
  ],
  ["no HTTP", "SSH-2.0-OpenSSH\r\n", "protocol", true],
  ["too much", `${HELLO} world`, "excess-bytes", true],
  ["a body for nothing", "HTTP/1.1 204 No Content\r\n\r\nbody", "excess-bytes", true],
  ["1xx for ever", "HTTP/1.1 102 Processing\r\n\r\n".repeat(40), "protocol", true],
];

for (const [name, text, kind, received] of FAILURES) {
  Deno.test(`HttpConnection: a server that sends ${name}: ${kind}`, () => {
    assertEquals(againstServer(answering(text), failureOf), [kind, received]);
  });
}

Deno.test("HttpConnection: a reset before and after the first byte are told apart", () => {
  const resetting = (text: string) =>
    function* (stream: DuplexStream): Co<void> {
      yield* readPast(stream, HEAD_END);
      yield* say(stream, text);
      yield* sleep(1);
      stream.abort();
    };
  assertEquals(againstServer(resetting(""), failureOf), ["reset", false]);
  assertEquals(againstServer(resetting("HTTP/1.1 2"), failureOf), ["reset-in-answer", true]);
  assertEquals(againstServer(resetting(HELLO.slice(0, -1)), failureOf), ["reset-in-answer", true]);
});

Deno.test("HttpConnection: the timeout covers head and body, also of a server that dribbles", () => {
  const silent = (text: string) =>
    function* (stream: DuplexStream): Co<void> {
      yield* say(stream, text);
      yield* sleep(10_000);
    };
  const dribbling = function* (stream: DuplexStream): Co<void> {
    for (const character of HELLO) {
      yield* say(stream, character);
      yield* sleep(10);
    }
  };
  const limited = { timeout: 100 };
  assertEquals(againstServer(silent(""), failureOf, limited), ["timeout", false]);
  assertEquals(againstServer(silent(HELLO.slice(0, -1)), failureOf, limited), ["timeout", true]);
  assertEquals(againstServer(dribbling, failureOf, limited), ["timeout", true]);
  assertEquals(againstServer(dribbling, failureOf, { timeout: 1_000 }), "hello");
});

Deno.test("HttpConnection: its times say how far a request came when", () => {
  const times = againstServer(function* (stream) {
    yield* readPast(stream, HEAD_END);
    yield* sleep(30);
    yield* say(stream, HELLO.slice(0, 10));
    yield* sleep(5);
    yield* say(stream, HELLO.slice(10));
  }, function* (connection) {
    yield* sleep(100);
    const response = yield* connection.request();
    assertEquals(response.times.done, undefined);
    yield* response.body.discard();
    const { connected, begun, written, firstByte, done } = response.times;
    return { connected, begun, written, firstByte, done };
  });
  assertEquals(times, { connected: 0, begun: 100, written: 100, firstByte: 130, done: 135 });
});

Deno.test("HttpConnection: interim answers are passed over, a 101 is not", () => {
  const interim = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\n${HELLO}`;
  assertEquals(againstServer(answering(interim), failureOf), "hello");
  againstServer(answering("HTTP/1.1 101 Switching\r\n\r\nraw"), function* (connection, stream) {
    const response = yield* connection.request({ fields: { Upgrade: "x" } });
    assertEquals([response.status, yield* response.text()], [101, ""]);
    assert(!connection.reusable);
    assertEquals(yield* readToEnd(stream), "raw");
  });
});

Deno.test("HttpConnection: a second request before the body's end is Busy, after a close Closed", () => {
  againstServer(
    answering(HELLO, HELLO.replace("OK", "OK\r\nConnection: close")),
    function* (connection) {
      const response = yield* connection.request();
      yield* refused(connection, Busy);
      yield* response.body.discard();
      yield* (yield* connection.request()).body.discard();
      assert(!connection.reusable);
      yield* refused(connection, Closed);
    },
  );
});

function* refused(connection: HttpConnection, kind: new (what: string) => Error): Co<void> {
  let caught: unknown;
  try {
    yield* connection.request();
  } catch (error) {
    caught = error;
  }
  assertInstanceOf(caught, kind);
}

Deno.test("HttpConnection: what comes between two requests fails the next, unsent", () => {
  const late: [string, FailureKind][] = [
    ["HTTP/1.1 408 x\r\n\r\n", "excess-bytes"],
    ["", "early-close"],
  ];
  for (const [text, kind] of late) {
    const seen = againstServer(function* (stream) {
      yield* readPast(stream, HEAD_END);
      yield* say(stream, HELLO);
      yield* sleep(10);
      yield* say(stream, text);
      yield* stream.shutdown();
      assertEquals(yield* readToEnd(stream), "");
    }, function* (connection) {
      yield* (yield* connection.request()).body.discard();
      yield* sleep(20);
      const failure = yield* failureOf(connection);
      return [failure, connection.requests];
    });
    assertEquals(seen, [[kind, false], 2]);
  }
});

Deno.test("HttpConnection: a streamed body goes out in chunks, with trailers", () => {
  let sent = "";
  againstServer(function* (stream) {
    sent = yield* readPast(stream, "0\r\nX: y\r\n\r\n");
    yield* say(stream, HELLO);
  }, function* (connection) {
    const response = yield* connection.request({
      method: "POST",
      *body(out) {
        yield* out.write("one");
        yield* sleep(5);
        yield* out.write("");
        yield* out.write(new Uint8Array(16).fill(0x2e));
        out.setTrailers({ X: "y" });
      },
    });
    yield* response.body.discard();
    assert(connection.reusable);
  });
  const chunks = "3\r\none\r\n10\r\n................\r\n0\r\nX: y\r\n\r\n";
  assertEquals(
    sent,
    `POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`,
  );
});

Deno.test("HttpConnection: a stream's error, or a length that is not its own, fails the request", () => {
  const bodies: [Record<string, number>, string[], unknown][] = [
    [{}, ["a", "throw"], TypeError],
    [{ "Content-Length": 2 }, ["a", "bc"], WrongLength],
    [{ "Content-Length": 2 }, ["a"], WrongLength],
  ];
  for (const [fields, pieces, kind] of bodies) {
    againstServer(readToEnd as never, function* (connection) {
      let caught: unknown;
      try {
        yield* connection.request({
          method: "PUT",
          fields,
          *body(out) {
            for (const piece of pieces) {
              if (piece === "throw") throw new TypeError("of the body");
              yield* out.write(piece);
            }
          },
        });
      } catch (error) {
        caught = error;
      }
      assertInstanceOf(caught, kind as typeof TypeError);
      assert(!connection.reusable);
    });
  }
});

Deno.test("HttpConnection: an answer before the body was sent counts, and ends the connection", () => {
  const tooLarge = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";
  const status = againstServer(function* (stream) {
    yield* readPast(stream, HEAD_END);
    yield* say(stream, tooLarge);
    yield* sleep(10_000);
  }, function* (connection) {
    const response = yield* connection.request({ method: "POST", body: new Uint8Array(1_000_000) });
    yield* response.body.discard();
    assert(!connection.reusable);
    return response.status;
  });
  assertEquals(status, 413);
});

Deno.test("HttpConnection: with expectContinue the body waits for a 100, or a second", () => {
  const post = { method: "POST", body: "body", expectContinue: true } as const;
  againstServer(function* (stream) {
    const head = yield* readPast(stream, HEAD_END);
    assert(head.endsWith("Expect: 100-continue\r\n\r\n"));
    yield* sleep(10);
    yield* say(stream, "HTTP/1.1 100 Continue\r\n\r\n");
    assertEquals(yield* readPast(stream, "body"), "body");
    yield* say(stream, HELLO);
  }, function* (connection) {
    const response = yield* connection.request(post);
    assertEquals(response.times.written, 10);
    yield* response.body.discard();
    assert(connection.reusable);
  });
  const written = againstServer(function* (stream) {
    yield* readPast(stream, "body");
    yield* say(stream, HELLO);
  }, function* (connection) {
    return (yield* connection.request(post)).times.written;
  });
  assertEquals(written, 1_000);
});

Deno.test("HttpConnection: a final answer instead of the 100: no body is sent", () => {
  const sent = againstServer(function* (stream) {
    yield* readPast(stream, HEAD_END);
    yield* say(stream, "HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
    assertEquals(yield* readToEnd(stream), "");
  }, function* (connection) {
    const request = { method: "POST", body: "body", expectContinue: true };
    const response = yield* connection.request(request);
    yield* sleep(2_000);
    return [response.status, connection.reusable];
  });
  assertEquals(sent, [417, false]);
});

Deno.test("HttpConnection: a dropped request closes the connection, at once", () => {
  let ended = NaN;
  againstServer(function* (stream) {
    yield* readPast(stream, HEAD_END);
    yield* readToEnd(stream);
    ended = now();
  }, function* (connection) {
    let caught: unknown;
    try {
      yield* timeout(10, () => connection.request());
    } catch (error) {
      caught = error;
    }
    assertInstanceOf(caught, TimedOut);
    yield* sleep(50);
    assert(!connection.reusable);
  });
  assertEquals(ended, 10);
});

Deno.test("HttpConnection: an answer that begins instead of the 100 keeps the body back for good", () => {
  let sent = "";
  againstServer(function* (stream) {
    yield* readPast(stream, HEAD_END);
    yield* say(stream, "HTTP/1.1 417 No\r\nContent-Length: 5\r\n\r\n");
    yield* sleep(3_000);
    yield* say(stream, "hello");
    sent = yield* readToEnd(stream);
  }, function* (connection) {
    const request = { method: "POST", body: "body", expectContinue: true };
    assertEquals(yield* (yield* connection.request(request)).text(), "hello");
    yield* sleep(1);
  });
  assertEquals(sent, "");
});

Deno.test("HttpConnection: the end of an early answer ends the coroutine that makes the body", () => {
  const ended: number[] = [];
  againstServer(answering(HELLO), function* (connection) {
    const response = yield* connection.request({
      method: "POST",
      *body() {
        try {
          yield* sleep(10_000);
        } finally {
          ended.push(now());
        }
      },
    });
    yield* response.body.discard();
    yield* sleep(5);
  });
  assertEquals(ended, [0]);
});

Deno.test("HttpConnection: trailers stay those of their answer", () => {
  const chunked = (sum: number) =>
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nSum: ${sum}\r\n\r\n`;
  againstServer(answering(chunked(1), chunked(2), HELLO), function* (connection) {
    const first = (yield* connection.request()).body;
    yield* first.discard();
    const second = (yield* connection.request()).body;
    yield* second.discard();
    yield* (yield* connection.request()).body.discard();
    assertEquals([first.trailers.get("sum"), second.trailers.get("sum")], ["1", "2"]);
  });
});

Deno.test("HttpConnection: what could not stand in a head is refused before anything is sent", () => {
  const wrong: HttpRequestInit[] = [
    { method: "GET /" },
    { target: "/a b" },
    { target: "/\r\nX: y" },
    { fields: { "X": "a\r\nY: b" } },
    { fields: { "X": "\0" } },
    { fields: { "X": "\u0100" } },
    { fields: { "X y": "a" } },
    { fields: { "": "a" } },
    { fields: { "Transfer-Encoding": "chunked" } },
    { fields: { "Content-Length": "1, 1" } },
  ];
  for (const request of wrong) assertThrows(() => encodeRequest(request, "x"), TypeError);
  const mismatched = { body: "abc", fields: { "Content-Length": 2 } };
  assertThrows(() => encodeRequest(mismatched, "x"), WrongLength, "3 bytes");
  assertEquals(new ProtocolError("host").code, "HTTP_PROTOCOL");
});
