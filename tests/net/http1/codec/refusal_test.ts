import { ProtocolError, REFUSAL_KINDS, type RefusalKind, ResponseParser } from "wakeful/net";
import { RequestParser } from "wakeful/net";
import { assert, assertEquals, assertMatch, assertThrows } from "../../../support/assert.ts";
import { octets } from "./corpus.ts";
import { eventsOf } from "./events.ts";

const LIMITS = {
  startLineBytes: 40,
  fieldCount: 4,
  fieldBytes: 150,
  chunkLineBytes: 30,
  trailerBytes: 50,
  bodyBytes: 1000,
  interimCount: 2,
};

const GET = "GET / HTTP/1.1\r\nHost: x\r\n";
const CHUNKED = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\n";

/** What each kind is said of; an answer begins with "HTTP/" or "STATUS ". */
const REFUSED: Partial<Record<RefusalKind, readonly string[]>> = {
  "bare-cr": [
    "GET / HTTP/1.1\rHost: x\r\n\r\n",
    `${GET}A: b\rc\r\n\r\n`,
    `${GET}\rX\r\n\r\n`,
    `${CHUNKED}5\rX\nhello\r\n`,
    "HTTP/1.1 200 O\rK\r\n\r\n",
  ],
  "bare-lf": [
    "GET / HTTP/1.1\nHost: x\n\n",
    `${GET}A: b\n\r\n`,
    `${GET}\n`,
    `${CHUNKED}5\nhello\r\n`,
    `${CHUNKED}5;a="\n"\r\nhello\r\n`,
    `${CHUNKED}0\r\n\n`,
    "HTTP/1.1 200\n\n",
  ],
  "space-before-fields": ["GET / HTTP/1.1\r\n Host: x\r\n\r\n", `${CHUNKED}0\r\n X: y\r\n\r\n`],
  "version": ["GET / HTTP/2.0\r\n\r\n", "GET / HTTP/0.9\r\n\r\n", "HTTP/3.0 200 OK\r\n\r\n"],
  "request-line": [
    "GET /\r\n\r\n",
    "GET  / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1 \r\n\r\n",
    "GET / http/1.1\r\n\r\n",
    "GET / HTTP/1.x\r\n\r\n",
    "GET / HTTP/11\r\n\r\n",
    "GET /a b HTTP/1.1\r\n\r\n",
    "GET /\x00 HTTP/1.1\r\n\r\n",
    "GET /\xe9 HTTP/1.1\r\n\r\n",
    "GET\t/ HTTP/1.1\r\n\r\n",
    "G(T / HTTP/1.1\r\n\r\n",
    " GET / HTTP/1.1\r\n\r\n",
    "\x16\x03\x01\r\n\r\n",
    "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
  ],
  "method-too-long": [`${"M".repeat(25)} / HTTP/1.1\r\n\r\n`],
  "target-too-long": [`GET /${"a".repeat(40)} HTTP/1.1\r\n\r\n`, `GET /${"a".repeat(40)}`],
  "host": [
    "GET / HTTP/1.1\r\n\r\n",
    `${GET}host: x\r\n\r\n`,
    "GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n",
  ],
  "target": [
    "GET * HTTP/1.1\r\n\r\n",
    "GET x:443 HTTP/1.1\r\n\r\n",
    "GET a/b HTTP/1.1\r\n\r\n",
    "CONNECT / HTTP/1.1\r\n\r\n",
    "CONNECT x HTTP/1.1\r\n\r\n",
    "CONNECT :1 HTTP/1.1\r\n\r\n",
    "CONNECT http://x:1 HTTP/1.1\r\n\r\n",
  ],
  "status-line": [
    "HTTP/1.1 20 OK\r\n\r\n",
    "HTTP/1.1 2000 OK\r\n\r\n",
    "HTTP/1.1 099 OK\r\n\r\n",
    "HTTP/1.1  200 OK\r\n\r\n",
    "HTTP/1.1\r\n\r\n",
    "HTTP/1.1 200 \x00\r\n\r\n",
    "STATUS ICY 200 OK\r\n\r\n",
  ],
  "status-line-too-long": [`HTTP/1.1 200 ${"a".repeat(40)}\r\n\r\n`],
  "field-line": [
    `${GET}no-colon\r\n\r\n`,
    `${GET}: x\r\n\r\n`,
  ],
  "space-before-colon": [`${GET}A : b\r\n\r\n`, `${GET}A\t: b\r\n\r\n`, `${GET}A b: c\r\n\r\n`],
  "field-name": [
    `${GET}A\x00: b\r\n\r\n`,
    `${GET}A(: b\r\n\r\n`,
    `${GET}\xe9: b\r\n\r\n`,
    `${CHUNKED}0\r\nA@: b\r\n\r\n`,
  ],
  "obs-fold": [`${GET}A: b\r\n c\r\n\r\n`, `${OK}A: b\r\n\tc\r\n\r\n`],
  "field-value": [
    `${GET}A: \x00\r\n\r\n`,
    `${GET}A: b\x7f\r\n\r\n`,
    `${GET}A: \x1b[m\r\n\r\n`,
    `${CHUNKED}0\r\nA: \x01\r\n\r\n`,
  ],
  "too-many-fields": [
    `${GET}A:1\r\nB:2\r\nC:3\r\nD:4\r\n\r\n`,
    `${CHUNKED}0\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\n\r\n`,
  ],
  "fields-too-long": [`${GET}A: ${"b".repeat(150)}\r\n\r\n`, `${GET}A: ${"b".repeat(150)}`],
  "transfer-coding": [
    `${GET}Transfer-Encoding: gzip, chunked\r\n\r\n`,
    `${GET}Transfer-Encoding: gzip,\tCHUNKED\r\n\r\n`,
  ],
  "chunked-not-last": [
    `${GET}Transfer-Encoding: gzip\r\n\r\n`,
    `${GET}Transfer-Encoding: chunked, identity\r\n\r\n`,
    `${GET}Transfer-Encoding: xchunked\r\n\r\n`,
    `${GET}Transfer-Encoding: "chunked"\r\n\r\n`,
    `${GET}Transfer-Encoding:\r\n\r\n`,
    `${GET}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
    `${GET}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n`,
    `${OK}Transfer-Encoding: gzip\r\n\r\n`,
  ],
  "chunked-in-1.0": ["POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  "both-lengths": [
    `${GET}Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n`,
    `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  "content-length": [
    ...["", "+5", "-5", "5 5", "5,5", "0x5", "5;", "9007199254740993", "1".repeat(40)]
      .map((length) => `${GET}Content-Length: ${length}\r\n\r\n`),
    `${OK}Content-Length: five\r\n\r\n`,
  ],
  "differing-lengths": [`${GET}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`],
  "body-too-long": [
    `${GET}Content-Length: 1001\r\n\r\n`,
    `${CHUNKED}3e9\r\n`,
    `${CHUNKED}1\r\na\r\n3e8\r\n`,
    `${OK}\r\n${"a".repeat(1001)}`,
  ],
  "chunk-size": [
    `${CHUNKED}\r\n`,
    `${CHUNKED}g\r\n`,
    `${CHUNKED}-1\r\n`,
    `${CHUNKED} 5\r\nhello\r\n`,
    `${CHUNKED}5 \r\nhello\r\n`,
    `${CHUNKED}0x5\r\nhello\r\n`,
    `${CHUNKED};a\r\n`,
  ],
  "chunk-size-overflow": [`${CHUNKED}${"f".repeat(16)}\r\n`, `${CHUNKED}100000000000000005\r\n`],
  "chunk-end": [`${CHUNKED}5\r\nhello!\r\n`, `${CHUNKED}5\r\nhello\n`, `${CHUNKED}5\r\nhello\rX`],
  "chunk-extension": [`${CHUNKED}5;\x00\r\nhello\r\n`],
  "chunk-line-too-long": [
    `${CHUNKED}5;${"a".repeat(30)}\r\n`,
    `${CHUNKED}5;${"a".repeat(40)}`,
    `${CHUNKED}${`1;${"a".repeat(26)}\r\nx\r\n`.repeat(7)}`,
  ],
  "trailers-too-long": [`${CHUNKED}0\r\nA: ${"b".repeat(60)}\r\n\r\n`],
  "incomplete-head": ["GET", "GET / HTTP/1.1\r", GET, `${GET}\r`, "HTTP/1.1 200 OK\r\n"],
  "incomplete-body": [
    `${GET}Content-Length: 5\r\n\r\nhell`,
    `${CHUNKED}5\r\nhell`,
    `${CHUNKED}5\r\nhello`,
    `${CHUNKED}5`,
    `${CHUNKED}0\r\n`,
    `${CHUNKED}0\r\n\r`,
  ],
  "too-many-interim": ["HTTP/1.1 100 Continue\r\n\r\n".repeat(3)],
};

/** Said by a connection, not by a parser. */
const OF_CONNECTIONS: readonly RefusalKind[] = ["unasked-answer"];

function parserOf(text: string) {
  const isAnswer = text.startsWith("HTTP/") || text.startsWith("STATUS ");
  return isAnswer ? new ResponseParser(LIMITS) : new RequestParser(LIMITS);
}

for (const kind of REFUSAL_KINDS) {
  Deno.test(`ProtocolError: ${kind} names its section and a status`, () => {
    const error = new ProtocolError(kind);
    assertMatch(error.section, /^RFC (9110|9112|6585) §\d+(\.\d+)*$/);
    assert(error.message.endsWith(`(${error.section})`));
    assert([400, 413, 414, 431, 501, 502, 505].includes(error.status));
    assert(OF_CONNECTIONS.includes(kind) || REFUSED[kind] !== undefined, "no text is refused so");
  });

  for (const text of REFUSED[kind] ?? []) {
    const whole = octets(text.replace(/^STATUS /, ""));

    Deno.test(`parser: ${kind} is refused: ${JSON.stringify(text.slice(-60))}`, () => {
      assertEquals(eventsOf(parserOf(text), [whole]).at(-1), ["refused", kind]);
    });

    Deno.test(`parser: ${kind} is refused however it is cut: ${JSON.stringify(text.slice(-60))}`, () => {
      for (let cut = 0; cut <= whole.length; cut++) {
        const pieces = [whole.subarray(0, cut), whole.subarray(cut)];
        assertEquals(eventsOf(parserOf(text), pieces).at(-1), ["refused", kind], `cut at ${cut}`);
      }
    });
  }
}

Deno.test("parser: a limit that is none is a RangeError", () => {
  for (const limit of [-1, NaN]) {
    assertThrows(() => new RequestParser({ bodyBytes: limit }), RangeError, "bodyBytes");
  }
});

Deno.test("parser: interim answers are counted for each final one", () => {
  const interim = "HTTP/1.1 100 Continue\r\n\r\n";
  const final = "HTTP/1.1 204 No Content\r\n\r\n";
  const text = (interim + interim + final).repeat(2);
  assertEquals(eventsOf(new ResponseParser(LIMITS), [octets(text)]).at(-1), ["closed"]);
});
