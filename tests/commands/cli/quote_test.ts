import fc from "../../support/fast_check.ts";
import { quote } from "../../../commands/cli/quote.ts";
import { assert, assertEquals, assertMatch } from "../../support/assert.ts";

Deno.test("quote leaves an unmistakable word of any script as it is", () => {
  for (const word of ["99999", "--prot", "a=b", "größe", "日本", "it's"]) {
    assertEquals(quote(word), word);
  }
});

Deno.test("quote puts quotes around empty text and text with blanks", () => {
  assertEquals(quote(""), '""');
  assertEquals(quote("two words"), '"two words"');
});

Deno.test("quote escapes what a terminal or a reader could be fooled by", () => {
  assertEquals(quote("\x1b[31m"), String.raw`"\u001b[31m"`);
  assertEquals(quote("a\nb"), String.raw`"a\nb"`);
  assertEquals(quote("\u202egpj.exe"), String.raw`"\u{202e}gpj.exe"`);
  assertEquals(quote("\u009b31m"), String.raw`"\u{9b}31m"`);
});

Deno.test("quote cuts a long word without splitting a character", () => {
  const cut = quote("😀".repeat(1000));
  assertMatch(cut, /^(😀){60}…$/u);
});

Deno.test("quote yields one line of visible characters and spaces, whatever the word", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (word) => {
    const shown = quote(word);
    assert(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(shown), shown);
  }));
});
