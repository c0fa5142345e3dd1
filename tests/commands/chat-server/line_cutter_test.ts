import { type Heard, LineCutter, TooLong } from "../../../commands/chat-server/line_cutter.ts";
import { assertEquals } from "../../support/assert.ts";

/** All lines of some chunks, the one that has no end included. */
function cut(maxBytes: number, ...chunks: string[]): Heard[] {
  const cutter = new LineCutter(maxBytes);
  const heard: Heard[] = [];
  const keep = (line: Heard | undefined) => void (line !== undefined && heard.push(line));
  for (const chunk of chunks) {
    let rest: Uint8Array = new TextEncoder().encode(chunk);
    while (rest.length > 0) {
      rest = rest.subarray(cutter.feed(rest));
      keep(cutter.heard);
    }
  }
  keep(cutter.finish());
  return heard;
}

Deno.test("LineCutter: a line ends with LF or CRLF", () => {
  assertEquals(cut(80, "one\ntwo\r\n\nthree\n"), ["one", "two", "", "three"]);
});

Deno.test("LineCutter: a line may come in pieces, and characters too", () => {
  const [first, second] = [0xc3, 0xa4];
  const cutter = new LineCutter(80);
  for (const byte of [0x61, first, second, 0x0a]) cutter.feed(new Uint8Array([byte]));
  assertEquals(cutter.heard, "aä");
});

Deno.test("LineCutter: the last line needs no end", () => {
  assertEquals(cut(80, "one\ntw", "o"), ["one", "two"]);
});

Deno.test("LineCutter: takes one line at a time", () => {
  const cutter = new LineCutter(80);
  assertEquals(cutter.feed(new TextEncoder().encode("ab\ncd\n")), 3);
  assertEquals(cutter.heard, "ab");
});

Deno.test("LineCutter: a line may be as long as allowed, its end not counted", () => {
  assertEquals(cut(4, "abcd\r\nabcde\nab\n"), ["abcd", TooLong, "ab"]);
});

Deno.test("LineCutter: of a long line it is told once, as soon as it is too long", () => {
  const cutter = new LineCutter(4);
  const told = ["abc", "defg", "hij", "k\n", "ok\n"].map((chunk) => {
    cutter.feed(new TextEncoder().encode(chunk));
    return cutter.heard;
  });
  assertEquals(told, [undefined, TooLong, undefined, undefined, "ok"]);
});

Deno.test("LineCutter: what grows too long by being replaced is refused as well", () => {
  const cutter = new LineCutter(4);
  cutter.feed(new Uint8Array([0xe9, 0xe9, 0x0a]));
  assertEquals(cutter.heard, TooLong);
});

Deno.test("LineCutter: a negotiation that does not end costs one line at most", () => {
  const cutter = new LineCutter(80);
  cutter.feed(new Uint8Array([0x61, 0xff, 0xfe, 0x0a]));
  assertEquals(cutter.heard, "a");
  cutter.feed(new TextEncoder().encode("b\n"));
  assertEquals(cutter.heard, "b");
});
