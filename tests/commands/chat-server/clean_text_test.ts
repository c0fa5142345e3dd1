import { cleanText, isLongerThan } from "../../../commands/chat-server/clean_text.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";

const clean = (text: string) => cleanText(new TextEncoder().encode(text));

Deno.test("cleanText: what is not UTF-8 is replaced", () => {
  assertEquals(cleanText(new Uint8Array([0x63, 0xe9, 0x21])), "c\ufffd!");
});

Deno.test("cleanText: control characters go, a tab becomes a blank", () => {
  assertEquals(clean("a\u001b[2Jb\u0007c\u007fd\u0085e\u009bf\tg"), "a[2Jbcdef g");
});

Deno.test("cleanText: nothing turns text around or hides in it", () => {
  assertEquals(clean("a\u202eb\u2066c\u200ed\u061ce\u200bf\ufeffg\u2028h\u2060i"), "abcdefghi");
});

Deno.test("cleanText: scripts and emoji that need joiners keep them", () => {
  for (const text of ["نمی\u200cخواهم", "👩\u200d👩\u200d👧", "हिन्दी"]) {
    assertEquals(clean(text), text);
  }
});

Deno.test("cleanText: blanks at the end go, those at the beginning stay", () => {
  assertEquals(clean("  a b  "), "  a b");
});

Deno.test("isLongerThan: counts bytes of UTF-8", () => {
  assertFalse(isLongerThan("äää", 6));
  assert(isLongerThan("äää", 5));
  assertFalse(isLongerThan("a".repeat(9), 9));
  assert(isLongerThan("\ufffd".repeat(4), 11));
});
