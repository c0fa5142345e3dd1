import { RequestParser, ResponseParser } from "wakeful/net";
import { assert, assertEquals, assertStrictEquals } from "../../../support/assert.ts";
import { CORPUS, octets, short } from "./corpus.ts";
import { eventsOf, parserFor, type Seen } from "./events.ts";

/** The pieces of `whole` that end at each of the cuts. */
function cutAt(whole: Uint8Array, ...cuts: number[]): Uint8Array[] {
  return [0, ...cuts].map((from, i) => whole.subarray(from, cuts[i] ?? whole.length));
}

for (const { name, side, method, text, events } of CORPUS) {
  const whole = octets(text);
  const seenIn = (pieces: Uint8Array[]): Seen[] => eventsOf(parserFor(side, method), pieces);

  Deno.test(`parser: ${name}`, () => {
    assertEquals(seenIn([whole]).map(short), events);
  });

  Deno.test(`parser: ${name}, cut in three at every two places`, () => {
    const expected = seenIn([whole]);
    for (let first = 0; first <= whole.length; first++) {
      for (let second = first; second <= whole.length; second++) {
        const seen = seenIn(cutAt(whole, first, second));
        if (JSON.stringify(seen) !== JSON.stringify(expected)) {
          assertEquals(seen, expected, `cut at ${first} and ${second}`);
        }
      }
    }
  });

  Deno.test(`parser: ${name}, byte by byte, each in the same array`, () => {
    const reused = new Uint8Array(1);
    function* bytewise() {
      for (const byte of whole) {
        reused[0] = byte;
        yield reused;
      }
    }
    assertEquals(eventsOf(parserFor(side, method), bytewise()), seenIn([whole]));
  });
}

Deno.test("parser: a body is lent where it lies", () => {
  const parser = new ResponseParser();
  const piece = octets("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodyHTTP/1.1");
  parser.feed(piece);
  assertEquals([parser.next(), parser.next()], ["head", "body"]);
  assertStrictEquals(parser.body.buffer, piece.buffer);
  assertEquals([parser.bodyLength, parser.taken], [4, piece.length - "HTTP/1.1".length]);
});

Deno.test("parser: the body behind a head that came in two pieces is lent as well", () => {
  const parser = new ResponseParser();
  parser.feed(octets("HTTP/1.1 200 OK\r\nContent-Le"));
  assertEquals(parser.next(), "more");
  const piece = octets("ngth: 4\r\n\r\nbodyHTTP/1.1");
  parser.feed(piece);
  assertEquals([parser.next(), parser.taken], ["head", "ngth: 4\r\n\r\n".length]);
  assertEquals(parser.next(), "body");
  assertStrictEquals(parser.body.buffer, piece.buffer);
});

Deno.test("parser: a head that is kept outlives its bytes", () => {
  const parser = new RequestParser();
  const piece = octets("PATCH /x HTTP/1.1\r\nHost: y\r\nExpect: 100-Continue\r\n\r\n");
  parser.feed(piece);
  parser.next();
  const { head } = parser;
  const kept = head.keep();
  piece.fill(0);
  assert(kept.expectsContinue && kept.keepAlive);
  assertEquals([kept.method, kept.target, kept.fields.get("host")], ["PATCH", "/x", "y"]);
});

Deno.test("parser: what was refused stays refused, at the end of input as well", () => {
  const parser = new RequestParser();
  const refused: Seen[] = [["refused", "bare-lf"]];
  assertEquals(eventsOf(parser, [octets("GET / HTTP/1.1\nHost: x\n\n")]), refused);
  assertEquals(eventsOf(parser, [octets("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]), refused);
  assertEquals(eventsOf(parser, []), refused);
});

Deno.test("parser: path is the origin form's, whatever form came", () => {
  const forms: [string, string][] = [
    ["GET /a?b", "/a?b"],
    ["GET http://x", "/"],
    ["GET http://x?q=/", "/?q=/"],
    ["GET HTTPS://x:1/a/b?c", "/a/b?c"],
    ["OPTIONS *", "*"],
  ];
  for (const [line, path] of forms) {
    const parser = new RequestParser();
    parser.feed(octets(`${line} HTTP/1.1\r\nHost: x\r\n\r\n`));
    assertEquals(parser.next(), "head");
    assertEquals(parser.head.path, path);
  }
});
