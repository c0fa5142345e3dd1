import fc from "fast-check";
import {
  encodeRequest,
  encodeResponse,
  type HttpFields,
  type MessageParser,
  ProtocolError,
  RequestParser,
  ResponseParser,
} from "wakeful/net";
import { ChunkedEncoder } from "../../../../net/http1/codec/body_encoder.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { joined } from "../../../support/bytes.ts";
import { octets } from "./corpus.ts";
import { eventsOf, type Seen } from "./events.ts";

const TOKEN_CHARACTERS = "!#$%&'*+.^_`|~09azAZ-";
const token = fc.string({
  unit: fc.constantFrom(...TOKEN_CHARACTERS),
  minLength: 1,
  maxLength: 20,
});
const value = fc.string({ unit: fc.constantFrom(...'a Z09,;="\t~\x80\xff'), maxLength: 30 })
  .map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ""));
/** Names that mean something to the codec are the tests' of the table. */
const name = token.filter((name) =>
  !/^(host|date|expect|connection|content-length|transfer-encoding)$/i.test(name)
);
const fields = fc.array(fc.tuple(name, value), { maxLength: 8 });
const body = fc.uint8Array({ maxLength: 300 });
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 });

/** `whole` in pieces as long as the cuts say, again and again. */
function cut(whole: Uint8Array, cuts: number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < whole.length; i++) {
    const to = at + cuts[i % cuts.length];
    pieces.push(whole.subarray(at, to));
    at = to;
  }
  return pieces;
}

const plain = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
const bodyEvents = (bytes: Uint8Array): Seen[] => bytes.length ? [["body", plain(bytes)]] : [];

Deno.test("codec: requests come back as they were written, however they are cut", () => {
  const request = fc.record({
    method: token,
    fields,
    body,
    chunked: fc.boolean(),
    trailers: fields,
  });
  fc.assert(fc.property(fc.array(request, { maxLength: 4 }), cuts, (requests, cuts) => {
    const wire: Uint8Array[] = [];
    const expected: Seen[] = [];
    for (const { method, fields, body, chunked, trailers } of requests) {
      if (method === "CONNECT") return;
      const init = { method, target: "/x", fields };
      const head: [string, string][] = [["Host", "h"], ...fields];
      if (chunked) {
        const encoder = new ChunkedEncoder();
        const encoded = encodeRequest({ ...init, *body() {} }, "h");
        wire.push(encoded.bytes, encoder.encode(body), encoder.finish(trailers));
        head.push(["Transfer-Encoding", "chunked"]);
      } else {
        wire.push(encodeRequest({ ...init, body }, "h").bytes);
        if (body.length > 0) head.push(["Content-Length", `${body.length}`]);
        else if (["POST", "PUT", "PATCH"].includes(method)) head.push(["Content-Length", "0"]);
      }
      expected.push(["head", `${method} /x 1.1`, head, "keep-alive"], ...bodyEvents(body));
      expected.push(chunked && trailers.length > 0 ? ["end", trailers] : ["end"]);
    }
    expected.push(["closed"]);
    assertEquals(eventsOf(new RequestParser(), cut(joined(...wire), cuts)), expected);
  }));
});

Deno.test("codec: answers come back as they were written, however they are cut", () => {
  const status = fc.constantFrom(200, 204, 304, 404, 599);
  const answer = fc.record({ status, fields, body });
  fc.assert(fc.property(fc.array(answer, { maxLength: 4 }), cuts, (answers, cuts) => {
    const context = { method: "GET", minor: 1, keepAlive: true, date: "now" } as const;
    const wire = answers.map((answer) => encodeResponse(answer, context).bytes);
    const expected = answers.flatMap(({ status, fields, body }): Seen[] => {
      const isEmpty = status === 204 || status === 304;
      const head = [["Date", "now"], ...fields];
      if (!isEmpty) head.push(["Content-Length", `${body.length}`]);
      const [seen] = eventsOf(new ResponseParser(), [encodeResponse({ status }, context).bytes]);
      return [
        ["head", seen[1], head, "keep-alive"],
        ...(isEmpty ? [] : bodyEvents(body)),
        ["end"],
      ];
    });
    const seen = eventsOf(new ResponseParser(), cut(joined(...wire), cuts));
    assertEquals(seen, [...expected, ["closed"]]);
  }));
});

/** Pieces of messages, good and bad, so that chance gets further than the first line. */
const FRAGMENTS = [
  "GET / HTTP/1.1\r\n",
  "POST /x HTTP/1.1\r\n",
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "Host: x\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Content-Length: 5\r\n",
  "Connection: close\r\n",
  "X: y\r\n",
  "\r\n",
  "\n",
  "\r",
  " ",
  ":",
  "\0",
  "5\r\nhello\r\n",
  "0\r\n",
  "ffffffff\r\n",
  ";ext",
  "hello",
  "\xff",
];

const LIMITS = {
  startLineBytes: 64,
  fieldCount: 5,
  fieldBytes: 128,
  chunkLineBytes: 16,
  trailerBytes: 64,
  bodyBytes: 64,
  interimCount: 3,
};

/** Drives a parser, and holds what it may never do. */
function drive(parser: MessageParser, pieces: Uint8Array[]): void {
  let inBody = 0;
  for (const piece of pieces) {
    parser.feed(piece);
    for (let events = 0;; events++) {
      assert(events <= 3 * piece.length + 3, "it goes round in circles");
      const event = parser.next();
      assert(parser.taken <= piece.length, "it takes what it was not given");
      if (event === "head") assertWithin(parser.head.fields);
      if (event === "head") inBody = 0;
      if (event === "body") {
        assert(parser.bodyLength > 0 && parser.body.length === parser.bodyLength);
        inBody += parser.bodyLength;
        assert(inBody <= LIMITS.bodyBytes, "a body beyond its limit");
      }
      if (event === "closed" || event === "tunnel") return;
      if (event === "more") break;
    }
    assertEquals(parser.taken, piece.length, "more is wanted, and something was left");
  }
  parser.finish();
}

function assertWithin(fields: HttpFields): void {
  assert(fields.size <= LIMITS.fieldCount);
  const bytes = [...fields].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  assert(bytes <= LIMITS.fieldBytes);
}

Deno.test("codec: whatever comes, there are events within the limits or a ProtocolError", () => {
  const noise = fc.uint8Array({ maxLength: 40 }).map(plain);
  const text = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...FRAGMENTS) }, noise), {
    maxLength: 30,
  }).map((parts) => parts.join(""));
  let refused = 0;
  fc.assert(
    fc.property(text, cuts, fc.boolean(), (text, cuts, requests) => {
      const parser = requests ? new RequestParser(LIMITS) : new ResponseParser(LIMITS);
      try {
        drive(parser, cut(octets(text), cuts));
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        refused++;
      }
    }),
    { numRuns: 2_000 },
  );
  assert(refused > 0);
});

Deno.test("codec: a cut changes nothing but when a refusal is heard", () => {
  const text = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 });
  fc.assert(
    fc.property(text, cuts, fc.boolean(), (parts, cuts, requests) => {
      const parser = () => requests ? new RequestParser() : new ResponseParser();
      const whole = octets(parts.join(""));
      const [atOnce, inPieces] = [
        eventsOf(parser(), [whole]),
        eventsOf(parser(), cut(whole, cuts)),
      ];
      const isCutShort = inPieces.at(-1)?.[1] === "incomplete-head" ||
        inPieces.at(-1)?.[1] === "incomplete-body";
      if (isCutShort) assertEquals(inPieces.slice(0, -1), atOnce.slice(0, -1));
      else assertEquals(inPieces, atOnce);
    }),
    { numRuns: 2_000 },
  );
});
