/** The simulated cluster, by the commands of its header. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { runDeno } from "../support/child_process.ts";

const PROGRAM = "examples/simulated_cluster.ts";

/** It needs no permission at all. */
const cluster = (...args: string[]) => runDeno([], PROGRAM, { args });

Deno.test("simulated_cluster: a seed finds the bug, and its command shows it again", async () => {
  const first = await cluster();
  assertEquals([first.code, first.stderr], [1, ""]);
  assertMatch(first.stdout, /^world: (left|right) has 21, and the primary 20\nseed 5, trace /);
  const [, command] = /^replay: deno run (.*)$/m.exec(first.stdout)!;
  const [program, ...args] = command.split(" ");
  assertEquals(program, PROGRAM);
  assertEquals((await cluster(...args)).stdout, first.stdout);
});

Deno.test("simulated_cluster: of the partitions, those that matter are left", async () => {
  const [all, smallest] = (await cluster()).stdout.split("with those faults alone that matter:");
  const count = (report: string) => report.match(/^ {2}partition of /gm)!.length;
  assert(count(smallest) < count(all), `${count(smallest)} of ${count(all)}`);
});

Deno.test("simulated_cluster: the first repair has a bug of its own, the second has not", async () => {
  const set = await cluster("--protocol", "set");
  assertEquals(set.code, 1);
  assertMatch(set.stdout, /^world: (left|right) has \d+, and the primary 20\n/);
  const newest = await cluster("--protocol", "newest");
  assertEquals(newest.code, 0);
  assertStringIncludes(newest.stdout, "newest: seeds 1 to 200 went through");
});
