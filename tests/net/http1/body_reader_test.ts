import { type BodyReader, RequestFailed } from "wakeful/net";
import { type Co, sleep, TooLong } from "wakeful/runtime";
import { assert, assertEquals, assertInstanceOf } from "../../support/assert.ts";
import { againstServer, readPast, say } from "./raw.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/** What `read` makes of a body that comes in two chunks, a moment apart. */
function reading<T>(read: (body: BodyReader) => Co<T>): T {
  return againstServer(function* (stream) {
    yield* readPast(stream, "\r\n\r\n");
    yield* say(stream, `${CHUNKED}5\r\nhello\r\n`);
    yield* sleep(10);
    yield* say(stream, "6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n");
  }, function* (connection) {
    const { body } = yield* connection.request();
    return yield* read(body);
  });
}

Deno.test("BodyReader: text, and the trailers once it has ended", () => {
  const seen = reading(function* (body) {
    const before = body.trailers.size;
    return [before, yield* body.text(), body.ended, body.trailers.get("x-sum")];
  });
  assertEquals(seen, [0, "hello world", true, "1"]);
});

Deno.test("BodyReader: read takes some, fill lends the rest, discard throws it away", () => {
  const seen = reading(function* (body) {
    const into = new Uint8Array(2);
    const n = yield* body.read(into);
    const lent = (yield* body.fill()).length;
    body.consume(1);
    return [n, lent, yield* body.discard(), (yield* body.fill()).length];
  });
  assertEquals(seen, [2, 3, 8, 0]);
});

Deno.test("BodyReader: more than it may have is TooLong", () => {
  reading(function* (body) {
    let caught: unknown;
    try {
      yield* body.bytes(8);
    } catch (error) {
      caught = error;
    }
    assertInstanceOf(caught, TooLong);
    assertEquals(caught.limit, 8);
  });
});

Deno.test("BodyReader: a failure stays one, however often it is asked", () => {
  againstServer(function* (stream) {
    yield* readPast(stream, "\r\n\r\n");
    yield* say(stream, `${CHUNKED}5\r\nhel`);
    yield* stream.shutdown();
  }, function* (connection) {
    const { body } = yield* connection.request();
    const kinds: string[] = [];
    for (let i = 0; i < 2; i++) {
      try {
        yield* body.discard();
      } catch (error) {
        assertInstanceOf(error, RequestFailed);
        kinds.push(error.kind);
      }
    }
    assertEquals(kinds, ["short-body", "short-body"]);
    assert(!connection.reusable);
  });
});
