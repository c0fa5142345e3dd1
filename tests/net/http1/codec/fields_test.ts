import { HttpFields, ResponseParser } from "wakeful/net";
import { assert, assertEquals } from "../../../support/assert.ts";
import { octets } from "./corpus.ts";

function parsed(text: string): ResponseParser {
  const parser = new ResponseParser();
  parser.feed(octets(text));
  assertEquals(parser.next(), "head");
  return parser;
}

Deno.test("HttpFields: names in whatever case, several of one name, none", () => {
  const { fields } =
    parsed("HTTP/1.1 204 \r\nSet-Cookie: a=1, b\r\nX:\r\nset-COOKIE: c\r\n\r\n").head;
  assertEquals(fields.size, 3);
  assertEquals(fields.getAll("set-cookie"), ["a=1, b", "c"]);
  assertEquals(fields.get("Set-Cookie"), "a=1, b, c");
  assertEquals([fields.get("x"), fields.has("X")], ["", true]);
  assertEquals([fields.get("y"), fields.has("y"), fields.getAll("y")], [undefined, false, []]);
  assertEquals([...fields], [["Set-Cookie", "a=1, b"], ["X", ""], ["set-COOKIE", "c"]]);
});

Deno.test("HttpFields: kept ones outlive their bytes, and the parser's next head", () => {
  const parser = new ResponseParser();
  const chunked = "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1\r\n\r\n";
  const piece = octets(`${chunked}HTTP/1.1 204 \r\nB: 2\r\n\r\n`);
  parser.feed(piece);
  assertEquals([parser.next(), parser.next()], ["head", "end"]);
  const trailers = parser.trailers.keep();
  assertEquals(parser.next(), "head");
  piece.fill(0);
  assertEquals([...trailers], [["A", "1"]]);
  assertEquals(parser.trailers.size, 0);
});

Deno.test("HttpFields: none at all", () => {
  const none = new HttpFields();
  assertEquals([none.size, none.get("x"), [...none], none.keep().size], [0, undefined, [], 0]);
  assert(!none.has("x"));
});
