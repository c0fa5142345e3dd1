import {
  FIELD_CONTENT,
  HEX_VALUE,
  putText,
  spells,
  TCHAR,
  textAt,
  VCHAR,
} from "../../../../net/http1/codec/octets.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { octets } from "./corpus.ts";

const charactersOf = (
  table: ArrayLike<number>,
  isIn: (entry: number) => boolean = (entry) => entry === 1,
) =>
  Array.from(table).flatMap((entry, byte) => isIn(entry) ? [String.fromCharCode(byte)] : [])
    .join("");

Deno.test("octets: the classes are those of the grammar", () => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz";
  assertEquals(charactersOf(TCHAR), `!#$%&'*+-.0123456789${letters}|~`);
  assertEquals(charactersOf(HEX_VALUE, (value) => value >= 0), "0123456789ABCDEFabcdef");
  assertEquals([HEX_VALUE[0x46], HEX_VALUE[0x66], HEX_VALUE[0x39]], [15, 15, 9]);
  const visible = charactersOf(VCHAR);
  assertEquals([visible.length, visible[0], visible.at(-1)], [94, "!", "~"]);
  const content = charactersOf(FIELD_CONTENT);
  assertEquals(content, `\t ${visible}${content.slice(-128)}`);
  assert(content.endsWith("\xff") && content.includes("\x80") && !content.includes("\x7f"));
});

Deno.test("octets: spells overlooks the case of letters and of nothing else", () => {
  const bytes = octets("xContent-Length: [");
  assert(spells(bytes, 1, 15, "content-length"));
  assert(spells(bytes, 1, 15, "CONTENT-LENGTH"));
  assert(!spells(bytes, 1, 15, "content-lengtH "));
  assert(!spells(bytes, 1, 15, "content\rlength")); // a hyphen with the case bit is a CR's
  assert(!spells(bytes, 17, 18, "{"));
});

Deno.test("octets: text is a character for each byte, however long", () => {
  const long = Uint8Array.from({ length: 10_000 }, (_, i) => i);
  const text = textAt(long, 0, long.length);
  assertEquals(text.length, 10_000);
  const back = new Uint8Array(10_001);
  assertEquals(putText(back, 1, text), 10_001);
  assertEquals(back.subarray(1), long);
});
