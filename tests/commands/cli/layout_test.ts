import fc from "../../support/fast_check.ts";
import { columnWidths, paragraph, setRow, wrap } from "../../../commands/cli/layout.ts";
import { assert, assertEquals } from "../../support/assert.ts";

const WIDTH = 40;

Deno.test("wrap breaks between words at the width", () => {
  assertEquals(wrap("one two three", 7), ["one two", "three"]);
  assertEquals(wrap("one two three", 100), ["one two three"]);
  assertEquals(wrap("", 10), [""]);
});

Deno.test("wrap keeps a word longer than the line whole", () => {
  assertEquals(wrap("a incomprehensible b", 5), ["a", "incomprehensible", "b"]);
});

Deno.test("wrap loses no word and overflows only for a single long one", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
  fc.assert(fc.property(words, fc.integer({ min: 1, max: 30 }), (words, width) => {
    const lines = wrap(words.join(" "), width);
    assertEquals(lines.join(" "), words.join(" "));
    assert(lines.every((line) => line.length <= width || !line.includes(" ")));
  }));
});

Deno.test("paragraph indents every line and counts the indent", () => {
  assertEquals(paragraph("one two three", 9), ["  one two", "  three"]);
  assertEquals(paragraph("one two three", 8), ["  one", "  two", "  three"]);
});

Deno.test("columnWidths takes the widest cell of each column, but none that is excessive", () => {
  const rows = [
    { cells: ["--port PORT", "[8080]"], text: "" },
    { cells: ["--host ADDRESS", ""], text: "" },
    { cells: ["--x " + "y".repeat(40), "[1]"], text: "" },
  ];
  assertEquals(columnWidths(rows), [14, 6]);
  assertEquals(columnWidths([]), []);
});

Deno.test("setRow aligns the text after the columns and wraps under its start", () => {
  const row = { cells: ["-p", "[80]"], text: "a port to listen on for whoever comes" };
  assertEquals(setRow(row, [4, 6], WIDTH), [
    "  -p    [80]    a port to listen on for",
    "                whoever comes",
  ]);
});

Deno.test("setRow puts the text below a cell that is too wide for its column", () => {
  const row = { cells: ["--overflow"], text: "what then" };
  assertEquals(setRow(row, [4], WIDTH), ["  --overflow", "        what then"]);
});
