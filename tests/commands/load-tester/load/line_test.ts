import fc from "../../../support/fast_check.ts";
import { duplex, type DuplexStream, encodeRequest, type HttpRequestInit } from "wakeful/net";
import { byHand, ManualLoop } from "wakeful/testing";
import {
  type FailureClass,
  RequestError,
} from "../../../../commands/load-tester/measure/failure_class.ts";
import { Line, type LineOptions } from "../../../../commands/load-tester/load/line.ts";
import { assert, assertEquals, assertFalse, assertInstanceOf } from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";
import { thrownBy } from "../../../support/recorder.ts";

const TIMEOUT = 1_000;
const OK = "HTTP/1.1 200 OK\r\n";
const HELLO = `${OK}Content-Length: 5\r\n\r\nhello`;

/** A line, the server's end of it in the test's hands, and time as well. */
function rig(options: Partial<LineOptions> = {}, room?: number) {
  const loop = new ManualLoop();
  const [near, far] = duplex(room);
  const line = new Line(near, loop.timers, { timeout: TIMEOUT, ...options });
  const ask = (init: HttpRequestInit = {}) =>
    byHand(() => line.exchange(encodeRequest(init, "a"), loop.timers.read()), loop);
  return { loop, far, line, ask };
}

type Asked = ReturnType<ReturnType<typeof rig>["ask"]>;

function send(far: DuplexStream, text: string): void {
  assertEquals(far.tryWrite(bytes(text)), text.length);
}

/** Everything that has come to the server. */
function received(far: DuplexStream): string {
  const into = new Uint8Array(10_000);
  const n = far.tryRead(into);
  return typeof n === "number" ? textOf(into.subarray(0, n)) : "";
}

function failureOf(asked: Asked): FailureClass {
  const error = thrownBy(() => asked.pollOnce());
  assertInstanceOf(error, RequestError);
  return error.failure;
}

interface Sample {
  readonly name: string;
  readonly text: string;
  readonly method?: string;
  readonly status?: number;
  readonly location?: string;
  /** Whether another request can be sent afterwards. */
  readonly keeps?: boolean;
  /** Whether only the connection's end says that it is whole. */
  readonly untilClose?: boolean;
}

const ANSWERS: readonly Sample[] = [
  { name: "Content-Length", text: HELLO },
  { name: "an empty body", text: `${OK}Content-Length: 0\r\n\r\n` },
  {
    name: "chunks",
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`,
  },
  {
    name: "chunks with extensions and trailers",
    text: `${OK}Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n`,
  },
  { name: "204", text: "HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n", status: 204 },
  { name: "304", text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", status: 304 },
  { name: "HEAD", text: `${OK}Content-Length: 1000000\r\n\r\n`, method: "HEAD" },
  {
    name: "interim answers first",
    text: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + HELLO,
  },
  {
    name: "a redirect",
    text: "HTTP/1.1 302 Found\r\nlocation: /y\r\nContent-Length: 0\r\n\r\n",
    status: 302,
    location: "/y",
  },
  {
    name: "a Location without a redirect",
    text: "HTTP/1.1 201 Created\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n",
    status: 201,
  },
  { name: "an error", text: "HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno", status: 503 },
  {
    name: "Connection: close",
    text: `${OK}Connection: close\r\nContent-Length: 1\r\n\r\nx`,
    keeps: false,
  },
  { name: "HTTP/1.0", text: "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", keeps: false },
  {
    name: "another protocol",
    text: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    status: 101,
    keeps: false,
  },
  { name: "no length", text: `${OK}\r\nuntil the end`, untilClose: true, keeps: false },
];

for (const { name, text, method, status = 200, location, keeps = true, untilClose } of ANSWERS) {
  Deno.test(`line: an answer with ${name} is whole, in whatever pieces it comes`, () => {
    const positions = fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 }));
    fc.assert(
      fc.property(positions, (positions) => {
        const { loop, far, line, ask } = rig();
        const asked = ask({ method });
        asked.assertPending();
        const ends = [...positions.toSorted((a, b) => a - b), text.length];
        ends.forEach((end, i) => {
          asked.assertPending();
          assert(line.isWaiting && !line.isOpen);
          send(far, text.slice(ends[i - 1] ?? 0, end));
        });
        if (untilClose) {
          asked.assertPending();
          far.close();
        }
        asked.assertReady();
        assertEquals([line.status, line.bytes, line.location], [status, text.length, location]);
        assertEquals([line.isWaiting, line.isUsed, line.isOpen], [false, true, keeps]);
        line.close();
        assertEquals(loop.timers.size, 0);
      }),
      { numRuns: 30 },
    );
  });
}

const FAILURES: readonly (readonly [string, string, FailureClass])[] = [
  ["nothing", "", "closed"],
  ["half a status line", "HTTP/1.1 20", "cut short"],
  ["half a head", `${OK}Content-Le`, "cut short"],
  ["an interim answer alone", "HTTP/1.1 100 Continue\r\n\r\n", "cut short"],
  ["half a body", HELLO.slice(0, -1), "cut short"],
  ["no last chunk", `${OK}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n`, "cut short"],
  ["no HTTP", "SSH-2.0-OpenSSH\r\n", "malformed"],
  ["HTTP/2", "HTTP/2 200 OK\r\n\r\n", "malformed"],
  ["a bad length", `${OK}Content-Length: 5, 6\r\n\r\nhello`, "malformed"],
  ["a bad chunk", `${OK}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, "malformed"],
  ["too much", `${HELLO}!`, "malformed"],
  ["a second answer", HELLO + HELLO, "malformed"],
  ["a body for nothing", "HTTP/1.1 204 No Content\r\n\r\nhello", "malformed"],
];

for (const [name, text, failure] of FAILURES) {
  Deno.test(`line: ${name}, and then the end: ${failure}`, () => {
    const { loop, far, line, ask } = rig();
    const asked = ask();
    asked.assertPending();
    if (text !== "") send(far, text);
    far.close();
    assertEquals(failureOf(asked), failure);
    assertEquals([line.isOpen, line.isWaiting, loop.timers.size], [false, false, 0]);
  });
}

Deno.test("line: interim answers for ever are malformed, not a wait for ever", () => {
  const { far, ask } = rig({ limits: { interimCount: 3 } });
  const asked = ask();
  asked.assertPending();
  send(far, "HTTP/1.1 102 Processing\r\n\r\n".repeat(3));
  asked.assertPending();
  send(far, "HTTP/1.1 102 Processing\r\n\r\n");
  assertEquals(failureOf(asked), "malformed");
});

Deno.test("line: a connection that breaks is a reset", () => {
  const { far, ask } = rig();
  const asked = ask();
  asked.assertPending();
  far.abort();
  assert(asked.wasWoken());
  assertEquals(failureOf(asked), "reset");
});

Deno.test("line: one request after the other over the same connection", () => {
  const { far, line, ask } = rig();
  for (const target of ["/1", "/2", "/3"]) {
    const asked = ask({ target });
    asked.assertPending();
    assertEquals(received(far), `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
    send(far, HELLO);
    assert(asked.wasWoken());
    asked.assertReady();
    assertEquals([line.bytes, line.isOpen], [HELLO.length, true]);
  }
});

Deno.test("line: a request that asks for the end gets it", () => {
  const { far, line, ask } = rig();
  const asked = ask({ fields: { Connection: "close" } });
  asked.assertPending();
  received(far);
  send(far, HELLO);
  asked.assertReady();
  assertFalse(line.isOpen);
});

Deno.test("line: when the first byte and the last one came", () => {
  const { loop, far, line, ask } = rig();
  const asked = ask();
  asked.assertPending();
  for (
    const [wait, piece] of [[10, HELLO.slice(0, 1)], [20, HELLO.slice(1, -1)], [5, "o"]] as const
  ) {
    loop.advance(wait);
    send(far, piece);
    asked.pollOnce();
  }
  assertEquals([line.firstByte, line.done], [10, 35]);
});

Deno.test("line: an answer that takes too long is a timeout", () => {
  const { loop, far, line, ask } = rig();
  const asked = ask();
  asked.assertPending();
  loop.advance(TIMEOUT / 2);
  send(far, OK);
  asked.assertPending();
  loop.advance(TIMEOUT / 2 - 1);
  asked.assertPending();
  loop.advance(1);
  assert(asked.wasWoken());
  assertEquals(failureOf(asked), "timeout");
  assertEquals([line.isOpen, line.done, loop.timers.size], [false, TIMEOUT, 0]);
});

Deno.test("line: each request has all of the time, and none runs out between two", () => {
  const { loop, far, line, ask } = rig();
  const first = ask();
  first.assertPending();
  loop.advance(600);
  send(far, HELLO);
  first.assertReady();
  loop.advance(5_000);
  assert(line.isOpen);
  const second = ask();
  second.assertPending();
  loop.advance(TIMEOUT - 1);
  second.assertPending();
  assertFalse(second.wasWoken());
  loop.advance(1);
  assertEquals(failureOf(second), "timeout");
});

Deno.test("line: a timer that was set for an earlier request ends no later one", () => {
  const { loop, far, ask } = rig();
  const first = ask();
  first.assertPending();
  loop.advance(600);
  send(far, HELLO);
  first.assertReady();
  const second = ask();
  second.assertPending();
  loop.advance(TIMEOUT - 1);
  second.assertPending();
  loop.advance(1);
  assertEquals(failureOf(second), "timeout");
});

Deno.test("line: without a limit there is no timer", () => {
  const { loop, ask } = rig({ timeout: Infinity });
  ask().assertPending();
  assertEquals(loop.timers.size, 0);
});

Deno.test("line: an answer before the request was sent is taken, and the connection ends", () => {
  const { far, line, ask } = rig({}, 64);
  const asked = ask({ method: "POST", body: "x".repeat(1_000) });
  asked.assertPending();
  send(far, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
  asked.assertReady();
  assertEquals([line.status, line.isOpen], [413, false]);
});

Deno.test("line: a large body goes out as there is room, head first", () => {
  const { far, line, ask } = rig({}, 64);
  const body = "0123456789".repeat(20_000);
  const asked = ask({ method: "POST", body });
  let sent = "";
  while (sent.length < 5 || !sent.endsWith(body)) {
    asked.assertPending();
    sent += received(far);
  }
  assert(sent.startsWith("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n0123"));
  send(far, HELLO);
  asked.assertReady();
  assert(line.isOpen);
});

Deno.test("line: the end between two requests is seen before anything is sent", () => {
  const { far, line, ask } = rig();
  const first = ask();
  first.assertPending();
  received(far);
  send(far, HELLO);
  first.assertReady();
  far.close();
  assertEquals(failureOf(ask()), "closed");
  assertEquals([line.isUnsent, line.bytes], [true, 0]);
});

Deno.test("line: what comes between two requests is nobody's answer", () => {
  const { far, line, ask } = rig();
  const first = ask();
  first.assertPending();
  received(far);
  send(far, HELLO);
  first.assertReady();
  send(far, HELLO);
  assertEquals(failureOf(ask()), "malformed");
  assertEquals([line.isUnsent, received(far)], [true, ""]);
});

Deno.test("line: one that is not waited for any more is closed", () => {
  const { loop, far, line, ask } = rig();
  const asked = ask();
  asked.assertPending();
  received(far);
  asked.drop();
  assertEquals([line.isOpen, loop.timers.size, far.tryRead(new Uint8Array(1))], [false, 0, 0]);
});
