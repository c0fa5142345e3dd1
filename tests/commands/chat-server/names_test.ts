import fc from "fast-check";
import { fold, keysOf, readName } from "../../../commands/chat-server/names.ts";
import { assert, assertEquals, assertNotEquals } from "../../support/assert.ts";

const alike = (one: string, other: string) =>
  keysOf(one).some((key) => keysOf(other).includes(key));

Deno.test("readName: letters, digits, _ and - of any script", () => {
  for (const name of ["a", "user-1", "Zoë", "Анна", "美咲", "हिन्दी", "a_b-c9", "x".repeat(20)]) {
    assertEquals(readName(name), name.normalize("NFC"));
  }
});

Deno.test("readName: nothing else, and not too much of it", () => {
  const bad = [
    "",
    "a b",
    "x".repeat(21),
    "a:b",
    "a*",
    "<a>",
    "a\u200db",
    "\u3164",
    "a\u0301\u0302\u0303\u0304",
  ];
  for (const name of [...bad, "you", "Server", "😀"]) assertEquals(readName(name), undefined, name);
});

Deno.test("readName: what can be written in two ways is shown in one", () => {
  assertEquals(readName("e\u0301"), "\u00e9");
});

Deno.test("fold: case, width and style make no difference", () => {
  const same = [["Ann", "aNN"], ["straße", "STRASSE"], ["ａｎｎ", "ann"], ["𝐚𝐧𝐧", "ann"], [
    "ΣΑΣ",
    "σας",
  ]];
  for (const [one, other] of same) assertEquals(fold(one), fold(other));
  assertNotEquals(fold("ann"), fold("anna"));
});

Deno.test("keysOf: letters of other scripts that look the same make no difference", () => {
  for (
    const [one, other] of [["paypal", "раураl"], ["ann", "аnn"], ["BOB", "ВОВ"], ["ioan", "ιοαn"]]
  ) {
    assert(alike(one, other), `${one} ${other}`);
  }
});

Deno.test("keysOf: I, l and 1 look the same, and so do O and 0", () => {
  for (const [one, other] of [["bill", "biIl"], ["bill", "bil1"], ["bob", "b0b"]]) {
    assert(alike(one, other), `${one} ${other}`);
  }
  assert(!alike("anni", "ann1"));
});

Deno.test("keysOf: folding again changes nothing", () => {
  assertEquals([fold("Straẞe"), fold("STRASSE"), fold("straße")], Array(3).fill("strasse"));
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), (name) => {
    assertEquals(fold(fold(name)), fold(name));
  }));
});
