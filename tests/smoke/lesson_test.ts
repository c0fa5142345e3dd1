/** The course's own command, as it is typed. */

import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { ORIGIN, runTool } from "./tool_process.ts";

const ignore = ORIGIN !== "from source";
const lesson = (...words: string[]) => runTool("task --quiet lesson", ...words);

Deno.test({
  name: "deno task lesson 05: runs the lesson's tests and prints what they show",
  ignore,
  fn: async () => {
    const { code, stdout } = await lesson("05");
    assertStringIncludes(stdout, "lesson 05.2 · multi-task executor interleaves three countdowns");
    assertStringIncludes(stdout, "\n  a3 b2 c1 a2 b1 a1\n");
    assertMatch(stdout, /\d+ passed .*0 failed/);
    assertEquals(code, 0);
  },
});

Deno.test({
  name: "deno task lesson: lists the lessons with their titles",
  ignore,
  fn: async () => {
    const { code, stdout, stderr } = await lesson();
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^00 {2}why async: .+$/m);
    assertMatch(stdout, /^05 {2}the executor: .+$/m);
    for (const line of stdout.trimEnd().split("\n")) assertMatch(line, /^\d\d {2}\S.*[^.]$/);
  },
});

for (
  const [words, complaint] of [
    [["99"], "lesson: there is no lesson 99"],
    [["five"], 'lesson: expected the number of one lesson, got "five"'],
    [["0", "5"], 'lesson: expected the number of one lesson, got "0 5"'],
  ] as const
) {
  Deno.test({
    name: `deno task lesson ${words.join(" ")}: says what is wrong in one line, and exits with 2`,
    ignore,
    fn: async () => {
      const { code, stdout, stderr } = await lesson(...words);
      assertEquals([code, stdout], [2, ""]);
      assertEquals(stderr, `${complaint}; "deno task lesson" lists them\n`);
    },
  });
}
