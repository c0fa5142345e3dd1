import config from "../../../deno.json" with { type: "json" };
import { versionLine } from "../../../commands/cli/version.ts";
import { assert, assertStringIncludes } from "../../support/assert.ts";

Deno.test("versionLine: one line with the program, its version and what runs it", () => {
  const line = versionLine("ferry");
  assert(line.startsWith(`ferry ${config.version} (deno ${Deno.version.deno}, `));
  assertStringIncludes(line, Deno.build.target);
  assert(!line.includes("\n"));
});
