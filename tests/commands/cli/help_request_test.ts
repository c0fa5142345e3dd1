import { helpRequest } from "../../../commands/cli/help_request.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("helpRequest recognises help and version, a value after them notwithstanding", () => {
  for (const word of ["-h", "--help", "--help=flags"]) {
    assertEquals(helpRequest(word), { action: "help" }, word);
  }
  assertEquals(helpRequest("--version"), { action: "version" });
});

Deno.test("helpRequest leaves every other word alone", () => {
  for (const word of ["help", "--helpful", "-v", "--", "", "=--help", "-hx"]) {
    assertEquals(helpRequest(word), undefined, word);
  }
});
