import { isLevel, LEVELS } from "wakeful/runtime";
import { reaches } from "../../../runtime/trace/level.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";

Deno.test("reaches: a level is shown where the least is the same or less important", () => {
  const shown = LEVELS.map((least) => LEVELS.filter((level) => reaches(level, least)).length);
  assertEquals(shown, [1, 2, 3, 4, 5]);
  assert(reaches("error", "warn"));
  assertFalse(reaches("info", "warn"));
});

Deno.test("isLevel: knows the five words and no other", () => {
  assert(LEVELS.every((level) => isLevel(level)));
  for (const word of ["", "INFO", "fatal", "toString"]) assertFalse(isLevel(word));
});
