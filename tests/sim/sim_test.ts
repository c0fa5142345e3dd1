/** `deno task sim` as its users meet it. */

import { type Co, pending, sleep } from "wakeful/runtime";
import type { World } from "wakeful/testing";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { FakeTerminal } from "../support/fake_terminal.ts";
import type { Scenario } from "./scenario.ts";
import { sim } from "./sim.ts";

const calm: Scenario = {
  name: "calm",
  about: "goes through",
  *run() {
    yield* sleep(1_000);
  },
};

/** Fails whenever its one host was started again. */
const touchy: Scenario = {
  name: "touchy",
  about: "fails",
  *run(world: World): Co<void> {
    const host = world.host("a", () => pending());
    yield* world.chaos({ hosts: ["a"], until: 20_000 });
    if (host.starts > 1) throw new Error("a was started again");
  },
};

async function running(...argv: string[]) {
  const terminal = new FakeTerminal();
  const progress: string[] = [];
  const code = await sim([calm, touchy], argv, {
    out: (line) => terminal.out(line),
    err: (line) => terminal.err(line),
    variable: terminal.variable,
    progress: (line) => void progress.push(line ?? ""),
  });
  return { code, stdout: terminal.stdout.join("\n"), stderr: terminal.stderr, progress };
}

Deno.test("deno task sim: runs as many seeds as were asked for", async () => {
  const { code, stdout, progress } = await running(
    "--scenario=calm",
    "--seeds=3",
    "--from=5",
  );
  assertEquals(code, 0);
  assertEquals(progress, ["calm seed 5, 1 runs", "calm seed 6, 2 runs", "calm seed 7, 3 runs", ""]);
  assertMatch(stdout, /^3 runs went through, from seed 5 on: 3 simulated s in \d+\.\d s$/);
});

Deno.test("deno task sim: one seed that goes through shows its hash", async () => {
  const { code, stdout } = await running("--scenario", "calm", "--seed", "5");
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /^calm: seed 5 went through, trace [0-9a-f]{16}, 1\.0 simulated s, 0 faults drawn$/,
  );
});

Deno.test("deno task sim: stops at the first failure and tells what matters", async () => {
  const { code, stdout } = await running("--from", "1");
  assertEquals(code, 1);
  const [, seed] = /^touchy failed with seed (\d+), trace [0-9a-f]{16}\n/.exec(stdout)!;
  assertStringIncludes(stdout, `\nreplay: deno task sim --scenario touchy --seed ${seed}\n`);
  assertMatch(stdout, /\nfaults: of \d+, 1 matter, as \d+ more runs have shown\n/);
  assertMatch(stdout, /\nwith those alone: world: a was started again\n/);
  assertMatch(stdout, /\n {2}(crash|power) of a from \d+ to \d+ ms\n/);
});

Deno.test("deno task sim: the command it prints shows the failure again", async () => {
  const first = (await running("--from", "1")).stdout;
  const [, seed, faults] = /--seed (\d+) --faults (\S+)/.exec(first)!;
  const argv = ["--scenario", "touchy", "--seed", seed];
  assertEquals((await running(...argv)).stdout, first);
  const { code, stdout } = await running(...argv, "--faults", faults);
  assertEquals(code, 1);
  assertStringIncludes(first, stdout);
});

for (
  const [argv, line] of [
    [["--seed", "x"], "--seed x: expected a whole number from 0 up"],
    [["--scenario", "clam"], "expected calm or touchy; did you mean calm?"],
    [["--faults", "1,", "--seed", "1"], "expected numbers such as 3,7, or none"],
    [["--faults", "1"], "--faults belongs to one run: name its --scenario and its --seed"],
    [["--seed", "1", "--minutes", "1"], "--seed"],
    [["again"], "unexpected argument again"],
  ] as const
) {
  Deno.test(`deno task sim: ${argv.join(" ")} is refused in one line`, async () => {
    const { code, stdout, stderr } = await running(...argv);
    assertEquals([code, stdout, stderr.length], [2, "", 1]);
    assert(stderr[0].startsWith("deno task sim: ") && stderr[0].includes(line), stderr[0]);
  });
}

Deno.test("deno task sim: --help tells of the scenarios", async () => {
  const { code, stdout } = await running("--help");
  assertEquals(code, 0);
  assertStringIncludes(stdout, "calm: goes through");
});

Deno.test("deno task sim: --speed tells how much faster than life it is", async () => {
  const { code, stdout } = await running("--speed");
  assertEquals(code, 0);
  assertMatch(stdout, /\d+ simulated s per s/);
});
