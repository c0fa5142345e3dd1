import { expected, found } from "../../../commands/cli/reading.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("found carries the value, undefined included", () => {
  assertEquals(found(7), { ok: true, value: 7 });
  assertEquals(found(undefined), { ok: true, value: undefined });
});

Deno.test("expected carries the phrase that completes the message", () => {
  assertEquals(expected("a port"), { ok: false, expected: "a port" });
});
