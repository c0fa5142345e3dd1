import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { parseJson } from "../../../../commands/job-queue/api/json_text.ts";
import { Refusal } from "../../../../commands/job-queue/api/refusal.ts";

Deno.test("json text: brackets in strings do not count, those outside up to a depth", () => {
  const text = JSON.stringify({ a: `[[${'"'.repeat(3)}${"\\".repeat(3)}[[{`, b: [1] });
  assertEquals(JSON.stringify(parseJson(text)), text);
  assertEquals(parseJson("[".repeat(64) + "]".repeat(64)) !== undefined, true);
  assertEquals(JSON.stringify(parseJson(JSON.stringify("[".repeat(100)))).length, 102);
});

Deno.test("json text: bombs, rubbish and nothing are refused", () => {
  const bomb = "[".repeat(1_000_000);
  for (const text of [bomb, `${bomb}${"]".repeat(1_000_000)}`, "", " ", "{", "nope", '{"a":1,}']) {
    assertThrows(() => parseJson(text), Refusal);
  }
});
