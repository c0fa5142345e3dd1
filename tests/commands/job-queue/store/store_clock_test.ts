import { assertEquals } from "../../../support/assert.ts";
import { LARGEST_DRIFT_MS, StoreClock } from "../../../../commands/job-queue/store/store_clock.ts";
import { START, TwoClocks } from "./rig.ts";

Deno.test("store clock: goes with the time of day, never back by a little", () => {
  const clocks = new TwoClocks();
  const clock = new StoreClock(clocks, 0);
  clocks.pass(1_500.7);
  assertEquals(clock.read(), { now: START + 1_500, jump: 0 });
  clocks.ofDay -= 20;
  assertEquals(clock.read(), { now: START + 1_500, jump: 0 });
});

Deno.test("store clock: a small difference is drift, a larger one a jump", () => {
  const clocks = new TwoClocks();
  const clock = new StoreClock(clocks, 0);
  clocks.ofDay += LARGEST_DRIFT_MS;
  assertEquals(clock.read(), { now: START + LARGEST_DRIFT_MS, jump: 0 });
  clocks.ofDay += LARGEST_DRIFT_MS + 1;
  assertEquals(clock.read().jump, LARGEST_DRIFT_MS + 1);
});

Deno.test("store clock: a jump is told once, in both directions", () => {
  const clocks = new TwoClocks();
  const clock = new StoreClock(clocks, 0);
  clocks.pass(100);
  clocks.ofDay += 3_600_000;
  assertEquals(clock.read(), { now: START + 3_600_100, jump: 3_600_000 });
  clocks.ofDay -= 7_200_000;
  assertEquals(clock.read(), { now: START - 3_599_900, jump: -7_200_000 });
  assertEquals(clock.read().jump, 0);
});

Deno.test("store clock: knows when it was set back while nobody looked", () => {
  assertEquals(new StoreClock(new TwoClocks(), START + 60_000).setBackBy, 60_000);
  assertEquals(new StoreClock(new TwoClocks(), START - 60_000).setBackBy, 0);
});
