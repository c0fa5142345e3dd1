/** `deno task sim` as it is typed, with the permissions that the task has. */

import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { ORIGIN, runTool } from "./tool_process.ts";

function smoke(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `deno task sim: ${name}`, ignore: ORIGIN !== "from source", fn });
}

smoke("runs each scenario with fresh seeds", async () => {
  const { code, stdout } = await runTool("task sim", "--seeds", "2");
  assertEquals(code, 0);
  assertMatch(stdout, /^12 runs went through, from seed \d+ on: \d+ simulated s in \d+\.\d s\n$/);
});

smoke("takes the same course in another process", async () => {
  const replay = () => runTool("task sim", "--scenario", "echo", "--seed", "7");
  const [first, second] = [await replay(), await replay()];
  assertMatch(first.stdout, /^echo: seed 7 went through, trace [0-9a-f]{16}, /);
  assertEquals(second.stdout, first.stdout);
});

smoke("refuses what it does not know", async () => {
  const { code, stdout, stderr } = await runTool("task sim", "--sceanrio", "echo");
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, "did you mean --scenario?");
});
