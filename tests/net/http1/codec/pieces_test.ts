import { Pieces } from "../../../../net/http1/codec/pieces.ts";
import { textAt } from "../../../../net/http1/codec/octets.ts";
import { assert, assertEquals, assertStrictEquals } from "../../../support/assert.ts";
import { octets } from "./corpus.ts";

const inView = (pieces: Pieces) => textAt(pieces.bytes, pieces.at, pieces.end);

Deno.test("Pieces: a section in one piece is read where it lies", () => {
  const pieces = new Pieces();
  const piece = octets("line\nrest");
  pieces.feed(piece);
  pieces.begin();
  assertStrictEquals(pieces.bytes, piece);
  pieces.at = 5;
  assertEquals([pieces.taken, inView(pieces)], [5, "rest"]);
});

Deno.test("Pieces: a line that begins in one and ends in the next is seen whole, and no more", () => {
  const pieces = new Pieces();
  pieces.feed(octets("ab"));
  pieces.begin();
  assert(!pieces.moreOfLine());
  assertEquals([pieces.taken, pieces.pending], [2, 2]);
  pieces.feed(octets("cd"));
  assert(!pieces.moreOfLine());
  pieces.feed(octets("e\nbody"));
  assert(pieces.moreOfLine());
  assertEquals([inView(pieces), pieces.taken], ["abcde\n", 2]);
  pieces.at = pieces.end;
  pieces.begin();
  assertEquals([inView(pieces), pieces.taken], ["body", 2]);
});

Deno.test("Pieces: a piece that ends with its section leaves nothing to gather", () => {
  const pieces = new Pieces();
  pieces.feed(octets("x"));
  pieces.at = 1;
  pieces.begin();
  assert(!pieces.moreOfLine());
  const next = octets("y\n");
  pieces.feed(next);
  assertStrictEquals(pieces.bytes, next);
});

Deno.test("Pieces: what was read of a section keeps its place when it is gathered", () => {
  const pieces = new Pieces();
  pieces.feed(octets("??one\ntw"));
  pieces.at = 2;
  pieces.begin();
  pieces.at = 6;
  assert(!pieces.moreOfLine());
  pieces.feed(octets("o\n"));
  assert(pieces.moreOfLine());
  assertEquals([pieces.origin, pieces.at, inView(pieces)], [0, 4, "two\n"]);
});
