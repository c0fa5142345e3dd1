import { type DuplexStream, eventStream, type HttpHandler, type HttpRequest } from "wakeful/net";
import { CancellationToken, type Co, End, mpsc, sleep } from "wakeful/runtime";
import { assert, assertEquals, assertInstanceOf, assertMatch } from "../../../support/assert.ts";
import { againstClient, readPast, readToEnd, say } from "../raw.ts";

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const GET_AND_CLOSE = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const DATE = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n";

/** What comes back for some bytes, up to the end of the connection. */
function answerTo(handler: HttpHandler, text: string, options = {}): string {
  return againstClient(handler, function* (stream) {
    yield* say(stream, text);
    return yield* readToEnd(stream);
  }, options).value;
}

const hello: HttpHandler = function* () {
  return { body: "hello" };
};

Deno.test("serve: a small answer, with its length and the runtime's date", () => {
  assertEquals(
    answerTo(hello, GET_AND_CLOSE),
    `HTTP/1.1 200 OK\r\n${DATE}Content-Length: 5\r\nConnection: close\r\n\r\nhello`,
  );
});

Deno.test("serve: pipelined requests are answered one after the other", () => {
  const answers = answerTo(function* (request) {
    yield* sleep(request.path === "/slow" ? 50 : 0);
    return { body: `${request.method} ${request.path} ${yield* request.body.text()}.` };
  }, `POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab${GET}${GET_AND_CLOSE}`);
  const bodies = [...answers.matchAll(/\r\n\r\n([^.]*\.)/g)].map(([, body]) => body);
  assertEquals(bodies, ["POST /slow ab.", "GET / .", "GET / ."]);
});

Deno.test("serve: HEAD, 204 and 304 have no body, and the next answer is in its place", () => {
  const answers = answerTo(
    function* (request) {
      const status = Number(request.path.slice(1));
      return { status, body: "body" };
    },
    ["HEAD /200", "GET /204", "GET /304"].map((line) => `${line} HTTP/1.1\r\nHost: x\r\n\r\n`)
      .join("") + GET_AND_CLOSE.replace("/", "/201"),
  );
  assertEquals(answers.replaceAll(DATE, "").split("\r\n\r\n"), [
    "HTTP/1.1 200 OK\r\nContent-Length: 4",
    "HTTP/1.1 204 No Content",
    "HTTP/1.1 304 Not Modified",
    "HTTP/1.1 201 Created\r\nContent-Length: 4\r\nConnection: close",
    "body",
  ]);
});

Deno.test("serve: a streamed body is chunked, for HTTP/1.0 it ends with the connection", () => {
  const handler: HttpHandler = function* () {
    return {
      *body(out) {
        yield* out.write("one");
        yield* sleep(1);
        yield* out.write("two");
      },
    };
  };
  const chunks = "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n";
  assert(
    answerTo(handler, GET_AND_CLOSE).endsWith(
      `Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunks}`,
    ),
  );
  const old = answerTo(handler, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  assert(old.endsWith(`${DATE}Connection: close\r\n\r\nonetwo`), old);
});

Deno.test("serve: HTTP/1.0 is kept alive when it asks for that", () => {
  const asks = "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
  const answers = answerTo(hello, `${asks}GET / HTTP/1.0\r\n\r\n`);
  assertEquals(answers.match(/Connection: .*/g), ["Connection: keep-alive", "Connection: close"]);
});

Deno.test("serve: a body is streamed through while it comes", () => {
  againstClient(function* (request) {
    return { body: request.body };
  }, function* (stream) {
    yield* say(stream, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    yield* readPast(stream, "\r\n\r\n");
    for (const letter of "abc") {
      yield* say(stream, `1\r\n${letter}\r\n`);
      assertEquals(yield* readPast(stream, `${letter}\r\n`), `1\r\n${letter}\r\n`);
    }
    yield* say(stream, "0\r\n\r\n");
    assertEquals(yield* readPast(stream, "0\r\n\r\n"), "0\r\n\r\n");
  });
});

Deno.test("serve: refused input is answered and the connection closed", () => {
  const long = "a".repeat(9_000);
  const refused: [string, string][] = [
    ["GET / HTTP/1.1\r\n\r\n", "400 Bad Request"],
    ["GET / HTTP/1.1\nHost: x\n\n", "400 Bad Request"],
    ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n", "413 Content Too Large"],
    [`GET /${long} HTTP/1.1\r\nHost: x\r\n\r\n`, "414 URI Too Long"],
    [`GET / HTTP/1.1\r\n${`X: ${long}\r\n`.repeat(4)}\r\n`, "431 Request Header Fields Too Large"],
    [
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      "501 Not Implemented",
    ],
    ["CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n", "501 Not Implemented"],
    ["GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505 HTTP Version Not Supported"],
  ];
  for (const [text, status] of refused) {
    const answer = answerTo(hello, `${text}${GET}`);
    assert(answer.startsWith(`HTTP/1.1 ${status}\r\n`), answer);
    assertEquals(answer.match(/^HTTP/gm)?.length, 1);
    assert(answer.includes("Connection: close\r\n"));
  }
});

Deno.test("serve: a handler's error is a 500 and a report; the connection goes on", () => {
  const broken = new Error("of the handler");
  let calls = 0;
  const { value, reported } = againstClient(function* () {
    if (calls++ === 0) throw broken;
    return { fields: { "X": calls === 2 ? "a\r\nb" : "ok" } };
  }, function* (stream) {
    yield* say(stream, GET + GET + GET_AND_CLOSE);
    return yield* readToEnd(stream);
  });
  assertEquals(value.match(/HTTP\/1.1 \d+/g), ["HTTP/1.1 500", "HTTP/1.1 500", "HTTP/1.1 200"]);
  assertEquals(reported[0], broken);
  assertInstanceOf(reported[1], TypeError);
});

Deno.test("serve: without onError the report is the runtime's", () => {
  const { reported } = againstClient(function* () {
    throw new Error("of the handler");
  }, function* (stream) {
    yield* say(stream, GET_AND_CLOSE);
    yield* readToEnd(stream);
  }, { onError: undefined });
  assertEquals((reported as [string, Error][]).map(([name, { message }]) => [name, message]), [
    ["the handler of GET /", "of the handler"],
  ]);
});

Deno.test("serve: an error in the middle of a body cuts the answer short, visibly", () => {
  for (const [minor, end] of [[1, "4\r\nhalf\r\n"], [0, "IoError"]] as const) {
    const { value, reported } = againstClient(function* () {
      return {
        *body(out) {
          yield* out.write("half");
          yield* sleep(1);
          throw new Error("of the body");
        },
      };
    }, function* (stream) {
      yield* say(stream, GET.replace("1.1", `1.${minor}`));
      const text = yield* readPast(stream, "half");
      try {
        return text + (yield* readToEnd(stream));
      } catch (error) {
        return text + (error as Error).name;
      }
    });
    assert(value.endsWith(end), value);
    assertEquals(reported.length, 1);
  }
});

Deno.test("serve: a handler that reads a broken body lets the client hear why", () => {
  const read: HttpHandler = function* (request) {
    return { body: yield* request.body.text(10) };
  };
  const chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const { value, reported } = againstClient(read, function* (stream) {
    yield* say(stream, `${chunked}zz\r\n`);
    return yield* readToEnd(stream);
  });
  assert(value.startsWith("HTTP/1.1 400 "), value);
  assertEquals(reported, []);
  assert(answerTo(read, `${chunked}b\r\nhello world\r\n0\r\n\r\n`).startsWith("HTTP/1.1 413 "));
});

Deno.test("serve: time limits on an idle connection, a head and a body", () => {
  const read: HttpHandler = function* (request) {
    return { body: yield* request.body.text() };
  };
  const limits = { idleTimeout: 1_000, headTimeout: 100, bodyTimeout: 50 };
  const slow = (...steps: [number, string][]) =>
    againstClient(read, function* (stream) {
      for (const [pause, text] of steps) {
        yield* sleep(pause);
        yield* say(stream, text);
      }
      return yield* readToEnd(stream);
    }, limits).value;
  assertEquals(slow(), "");
  assert(slow([900, "GET"], [90, " "]).startsWith("HTTP/1.1 408 "));
  assert(slow([0, "GET"], [99, GET_AND_CLOSE.slice(3)]).startsWith("HTTP/1.1 200 "));
  const post = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\n";
  assert(slow([0, post], [49, "a"], [49, "b"], [49, "c"]).endsWith("\r\n\r\nabc"));
  const late = slow([0, post], [49, "a"]);
  assertMatch(late, /^HTTP\/1.1 408 Request Timeout\r\n/);
});

Deno.test("serve: a client that takes nothing is given up", () => {
  const { value, reported } = againstClient(function* () {
    return { body: new Uint8Array(1_000_000) };
  }, function* (stream) {
    yield* say(stream, GET);
    yield* sleep(200);
    try {
      return yield* readToEnd(stream);
    } catch (error) {
      return (error as Error).name;
    }
  }, { writeTimeout: 100 });
  assertEquals([value, reported], ["IoError", []]);
});

Deno.test("serve: a client that takes a little now and then is served to the end", () => {
  const { value, reported } = againstClient(function* () {
    return { body: new Uint8Array(100_000) };
  }, function* (stream) {
    yield* say(stream, GET_AND_CLOSE);
    let taken = 0;
    for (;;) {
      yield* sleep(90);
      const lent = yield* stream.fill();
      if (lent.length === 0) return taken;
      taken += lent.length;
      stream.consume(lent.length);
    }
  }, { writeTimeout: 100 });
  assert(value > 100_000);
  assertEquals(reported, []);
});

Deno.test("serve: a body that the handler leaves is read on, or the connection closed", () => {
  const post = (length: number) =>
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${"b".repeat(length)}`;
  const answers = answerTo(hello, post(1_000) + post(0) + GET_AND_CLOSE);
  assertEquals(answers.match(/HTTP\/1.1 200/g)?.length, 3);
  const { value } = againstClient(hello, function* (stream) {
    yield* say(stream, post(300_000).slice(0, 5_000));
    const answer = yield* readPast(stream, "hello");
    yield* say(stream, post(300_000).slice(5_000) + GET_AND_CLOSE);
    return answer + (yield* readToEnd(stream));
  });
  assertEquals(value.match(/HTTP\/1.1 200/g)?.length, 1);
});

Deno.test("serve: a 100 is sent when the handler looks at the body, and not before or after", () => {
  const expecting = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" +
    "Expect: 100-continue\r\n\r\n";
  const { value } = againstClient(function* (request) {
    yield* sleep(10);
    return { body: yield* request.body.text() };
  }, function* (stream) {
    yield* say(stream, expecting);
    assertEquals(yield* readPast(stream, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    yield* say(stream, `ok${GET_AND_CLOSE}`);
    return yield* readToEnd(stream);
  });
  assertEquals(value.match(/HTTP\/1.1 200/g)?.length, 2);
  const { value: echoed } = againstClient(function* (request) {
    return { body: request.body };
  }, function* (stream) {
    yield* say(stream, expecting);
    const head = yield* readPast(stream, "\r\n\r\n");
    yield* say(stream, "ok");
    return head + (yield* readToEnd(stream));
  });
  assert(!echoed.includes("100 Continue") && echoed.includes("ok"), echoed);
  const unread = answerTo(hello, expecting);
  assert(unread.startsWith("HTTP/1.1 200 OK\r\n") && unread.includes("Connection: close"));
});

Deno.test("serve: maxRequests ends the connection, and says so before", () => {
  const answers = answerTo(hello, GET + GET + GET, { maxRequests: 2 });
  assertEquals(answers.match(/HTTP\/1.1 200|Connection: close/g), [
    "HTTP/1.1 200",
    "HTTP/1.1 200",
    "Connection: close",
  ]);
});

Deno.test("serve: stopping closes what is idle and lets what is in flight finish", () => {
  const stopping = new CancellationToken();
  const slow: HttpHandler = function* (request) {
    yield* sleep(100);
    return { body: String(request.stopping.isCancelled) };
  };
  const client = function* (stream: DuplexStream): Co<string> {
    yield* say(stream, GET);
    yield* sleep(50);
    stopping.cancel("enough");
    return yield* readToEnd(stream);
  };
  const { value } = againstClient(slow, client, { stopping });
  assert(value.includes("Connection: close") && value.endsWith("\r\n\r\ntrue"), value);
  const idle = againstClient(slow, (stream) => readToEnd(stream), { stopping });
  assertEquals(idle.value, "");
});

Deno.test("serve: a connection that has ended does not watch for the stop", () => {
  const stopping = new CancellationToken();
  againstClient(hello, function* (stream) {
    yield* say(stream, GET);
    yield* readPast(stream, "hello");
    assertEquals(stopping.waiting, 1);
    stream.close();
    yield* sleep(5);
    assertEquals(stopping.waiting, 0);
  }, { stopping });
});

Deno.test("serve: events come as they are sent, and end with the stop", () => {
  const stopping = new CancellationToken();
  againstClient(function* (request: HttpRequest) {
    const [sender, receiver] = mpsc<number>(1);
    request.stopping.subscribe(() => sender.close());
    yield* sender.send(1);
    return eventStream(function* (events) {
      yield* events.comment("here");
      for (let n = yield* receiver.recv(); n !== End; n = yield* receiver.recv()) {
        yield* events.send({ data: `${n}` });
      }
    });
  }, function* (stream) {
    yield* say(stream, GET);
    const head = yield* readPast(stream, "data: 1\n\n");
    assert(head.includes("Content-Type: text/event-stream\r\n"));
    assert(head.includes(": here\n"));
    stopping.cancel("enough");
    assert((yield* readToEnd(stream)).endsWith("0\r\n\r\n"));
  }, { stopping });
});
