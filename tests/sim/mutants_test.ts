/** The simulator can fail: faults that are planted into the driver are found, and soon. */

import type { Driver } from "wakeful/runtime";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { forgottenToken } from "./mutants/forgotten_token.ts";
import { fullRing } from "./mutants/full_ring.ts";
import { lostWakeUp } from "./mutants/lost_wake_up.ts";
import { minimise, runSeeds, seedsFrom } from "./runner.ts";
import { UnsyncedTable, withoutEpoch } from "./mutants/queue.ts";
import { echoScenario } from "./scenarios/echo.ts";
import { type Planted as QueuePlanted, queueScenario } from "./scenarios/queue.ts";

const SEEDS = 200;

/** Each with what gives it away. */
const MUTANTS: [name: string, driver: (inner: Driver) => Driver, symptom: RegExp][] = [
  ["a lost wake-up", lostWakeUp, /cut off by a server that was well/],
  ["an off-by-one in the read buffer", fullRing, /stream \d+ at \d+: got \d+, expected \d+/],
  [
    "a forgotten deregistration",
    forgottenToken,
    /leaves 0 tasks, 0 timers, [1-9]\d* registrations and 0 sockets behind/,
  ],
];

for (const [name, driver, symptom] of MUTANTS) {
  Deno.test(`mutants: ${name} is found within ${SEEDS} seeds`, async () => {
    const failure = await runSeeds(echoScenario({ driver }), seedsFrom(1, SEEDS));
    assert(failure !== undefined, `${name} was not found`);
    assertMatch(failure.message, symptom);
  });
}

/** Each with what gives it away. */
const QUEUE_MUTANTS: [name: string, planted: QueuePlanted, symptom: RegExp][] = [
  [
    "an answer before the disk has it",
    { table: (disk) => new UnsyncedTable(disk) },
    /was accepted and is lost|runs again after it was completed|job \d+ is |completed twice/,
  ],
  [
    "a lease without an epoch",
    { command: withoutEpoch },
    /completed twice|runs again after it was completed/,
  ],
];

for (const [name, planted, symptom] of QUEUE_MUTANTS) {
  Deno.test(`mutants: ${name} is found within ${SEEDS} seeds`, async () => {
    const failure = await runSeeds(queueScenario(planted), seedsFrom(1, SEEDS));
    assert(failure !== undefined, `${name} was not found`);
    assertMatch(failure.message, symptom);
  });
}

Deno.test("mutants: of all faults, the lost wake-up needs one pause of the server", async () => {
  const scenario = echoScenario({ driver: lostWakeUp });
  const failure = await runSeeds(scenario, seedsFrom(1, SEEDS));
  assert(failure !== undefined);
  const { faults } = (await minimise(scenario, failure)).failure.circumstances;
  assertEquals(faults.map((fault) => fault.slice(0, fault.indexOf(" from"))), ["pause of server"]);
});
