import fc from "../../support/fast_check.ts";
import { didYouMean, editDistance, nearest } from "../../../commands/cli/suggest.ts";
import { assert, assertEquals } from "../../support/assert.ts";

const FLAGS = ["host", "port", "unix", "idle-timeout", "drain-timeout", "max-connections"];
const NO_LIMIT = 1000;
const shortWord = fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "c") });

Deno.test("nearest finds the word behind one typing error of each sort", () => {
  for (const typed of ["prot", "pot", "poort", "pork", "PORT"]) {
    assertEquals(nearest(typed, FLAGS), "port", typed);
  }
});

Deno.test("nearest forgives more errors in longer words, up to three", () => {
  assertEquals(nearest("idletimout", FLAGS), "idle-timeout");
  assertEquals(nearest("maxconections", FLAGS), "max-connections");
  assertEquals(nearest("mxconnctionss", FLAGS), undefined);
});

Deno.test("nearest finds the only candidate with a part that starts with the word", () => {
  assertEquals(nearest("idle", FLAGS), "idle-timeout");
  assertEquals(nearest("connections", FLAGS), "max-connections");
  assertEquals(nearest("conn", FLAGS), "max-connections");
});

Deno.test("nearest stays silent when a part fits several candidates", () => {
  assertEquals(nearest("timeout", FLAGS), undefined);
});

Deno.test("nearest stays silent when nothing is close or the word is too short to tell", () => {
  assertEquals(nearest("colour", FLAGS), undefined);
  assertEquals(nearest("x", ["n", "c"]), undefined);
  assertEquals(nearest("", FLAGS), undefined);
  assertEquals(nearest("port", []), undefined);
});

Deno.test("nearest prefers the fewest errors, then the order of the candidates", () => {
  assertEquals(nearest("cast", ["cost", "cast-iron", "cart"]), "cost");
  assertEquals(nearest("lists", ["lost", "list"]), "list");
});

Deno.test("didYouMean is a question for a near miss and nothing otherwise", () => {
  assertEquals(didYouMean("refsue", ["wait", "refuse"]), "; did you mean refuse?");
  assertEquals(didYouMean("purple", ["wait", "refuse"]), "");
});

Deno.test("editDistance counts a swap of neighbours as one edit", () => {
  assertEquals(editDistance("prot", "port", NO_LIMIT), 1);
  assertEquals(editDistance("kitten", "sitting", NO_LIMIT), 3);
  assertEquals(editDistance("", "abc", NO_LIMIT), 3);
});

Deno.test("editDistance answers limit + 1 for anything above the limit", () => {
  assertEquals(editDistance("kitten", "sitting", 2), 3);
  assertEquals(editDistance("aaaa", "bbbb", 1), 2);
  assertEquals(editDistance("aa", "bbbb", 2), 3);
  assertEquals(editDistance("a", "a".repeat(1_000_000), 3), 4);
});

Deno.test("editDistance is symmetric, zero only for equal words, and never above the longer one", () => {
  fc.assert(fc.property(shortWord, shortWord, (a, b) => {
    const distance = editDistance(a, b, NO_LIMIT);
    assertEquals(distance, editDistance(b, a, NO_LIMIT));
    assertEquals(distance === 0, a === b);
    assert(distance <= Math.max(a.length, b.length));
  }));
});

Deno.test("editDistance with a limit is the distance cut at limit + 1", () => {
  fc.assert(fc.property(shortWord, shortWord, fc.nat(8), (a, b, limit) => {
    const cut = Math.min(editDistance(a, b, NO_LIMIT), limit + 1);
    assertEquals(editDistance(a, b, limit), cut);
  }));
});
