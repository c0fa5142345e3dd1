/** The dispatcher, as its users meet it. */

import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { ORIGIN, runWakeful } from "./tool_process.ts";

Deno.test(`wakeful ${ORIGIN}: --help lists all four tools`, async () => {
  const { code, stdout } = await runWakeful("--help");
  assertEquals(code, 0);
  for (const tool of ["echo-server", "chat-server", "load-tester", "job-queue"]) {
    assertStringIncludes(stdout, tool);
  }
});

Deno.test(`wakeful ${ORIGIN}: a word that is no tool is told which there are, exit 2`, async () => {
  const { code, stderr } = await runWakeful("jobqueue");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "did you mean job-queue?");
});

Deno.test(`wakeful ${ORIGIN}: --version is one line`, async () => {
  const { code, stdout } = await runWakeful("--version");
  assertEquals(code, 0);
  assertMatch(stdout, /^wakeful \d+\.\d+\.\d+ \(deno .*\)\n$/);
});
