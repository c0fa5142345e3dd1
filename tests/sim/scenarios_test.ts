/** Every scenario over many seeds; `deno task sim` goes on from here with fresh ones. */

import { SimulationFailed } from "wakeful/testing";
import { assert, assertEquals, assertNotEquals } from "../support/assert.ts";
import { runSeed, runSeeds, seedsFrom } from "./runner.ts";
import { SCENARIOS } from "./scenarios/all.ts";
import type { Scenario } from "./scenario.ts";

/** Of the larger worlds, fewer: `deno task sim` takes as many as there is time for. */
const SEEDS: Readonly<Record<string, number>> = { queue: 60, load: 60 };
const USUAL_SEEDS = 200;
const TWICE = [1, 2, 3, 4, 5];

async function hashOf(scenario: Scenario, seed: number): Promise<string> {
  const ran = await runSeed(scenario, seed);
  assert(!(ran instanceof SimulationFailed), ran instanceof Error ? ran.message : "");
  return ran.hash;
}

for (const scenario of SCENARIOS) {
  const seeds = SEEDS[scenario.name] ?? USUAL_SEEDS;
  Deno.test(`${scenario.name}: ${seeds} seeds go through`, async () => {
    const failure = await runSeeds(scenario, seedsFrom(1, seeds));
    assert(failure === undefined, failure?.message);
  });

  Deno.test(`${scenario.name}: the same seed takes the same course`, async () => {
    const hashes = [];
    for (const seed of TWICE) hashes.push(await hashOf(scenario, seed));
    for (const seed of TWICE.toReversed()) assertEquals(await hashOf(scenario, seed), hashes.pop());
  });

  Deno.test(`${scenario.name}: another seed takes another course`, async () => {
    assertNotEquals(await hashOf(scenario, 1), await hashOf(scenario, 2));
  });
}
