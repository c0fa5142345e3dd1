import { assertEquals } from "../../../support/assert.ts";
import { cut } from "../../../../commands/job-queue/model/caps.ts";

Deno.test("caps: what is cut off is marked, and no character is cut in half", () => {
  assertEquals(["", "abc", "abcd"].map((text) => cut(text, 3)), ["", "abc", "ab…"]);
  assertEquals([cut("a😀b", 4), cut("a😀bc", 4), cut("a😀bcd", 3)], ["a😀b", "a😀…", "a…"]);
});
