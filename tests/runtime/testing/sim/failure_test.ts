import { type Circumstances, SimulationFailed } from "wakeful/testing";
import { assertEquals, assertFalse, assertStrictEquals } from "../../../support/assert.ts";

const NOTHING_KNOWN: Circumstances = {
  seed: 7,
  replay: "simulate({ seed: 7 }, …)",
  hash: "0123456789abcdef",
  at: 1.5,
  faults: [],
  recent: [],
  tasks: new Map(),
};

Deno.test("SimulationFailed: tells how to see it again, what happened, and who waits", () => {
  const cause = new Error("why");
  const failed = new SimulationFailed("It broke", {
    ...NOTHING_KNOWN,
    faults: ["crash of a from 1 to 2 ms"],
    recent: [{ at: 1, what: "bytes", details: ["a", 5] }],
    tasks: new Map([["a", [{ name: "main", waitsFor: "sleep until 9" }]], ["b", []]]),
  }, { cause });
  assertEquals(failed.message.split("\n"), [
    "It broke",
    "seed 7, trace 0123456789abcdef, after 1.500 ms",
    "replay: simulate({ seed: 7 }, …)",
    "faults:",
    "  crash of a from 1 to 2 ms",
    "last events:",
    "  1.000 bytes a 5",
    "tasks:",
    "  a: main waits for sleep until 9",
  ]);
  assertEquals([failed.name, failed.circumstances.seed], ["SimulationFailed", 7]);
  assertStrictEquals(failed.cause, cause);
});

Deno.test("SimulationFailed: shows the latest twenty events, and no empty sections", () => {
  const recent = Array.from({ length: 30 }, (_, at) => ({ at, what: "tick", details: [] }));
  const { message } = new SimulationFailed("It broke", { ...NOTHING_KNOWN, recent });
  assertEquals(message.match(/tick/g)?.length, 20);
  assertFalse(message.includes(" 9.000 tick"));
  assertFalse(message.includes("faults:") || message.includes("tasks:"));
});
