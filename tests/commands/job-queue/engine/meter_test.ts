import { assertEquals } from "../../../support/assert.ts";
import type { JobEvent } from "../../../../commands/job-queue/model/command.ts";
import { BUCKETS_MS, Meter } from "../../../../commands/job-queue/engine/meter.ts";

function completed(took: number): JobEvent {
  return { event: "JobCompleted", at: 0, id: 1, type: "t", queue: "q", attempt: 1, took };
}

Deno.test("meter: throughput is what was completed in the last ten seconds", () => {
  const meter = new Meter();
  meter.note(new Array(50).fill(completed(1)), 500);
  meter.note(new Array(50).fill(completed(1)), 5_500);
  meter.note([{ ...completed(1), event: "JobFailed" }], 5_500);
  assertEquals([5_900, 10_100, 15_900, 40_000].map((at) => meter.throughput(at)), [10, 5, 0, 0]);
});

Deno.test("meter: how long attempts took falls into buckets", () => {
  const meter = new Meter();
  meter.note([0, 1, 2, 3, 400_000].map(completed), 0);
  const { counts, sum, count } = meter.took;
  assertEquals([counts[0], counts[1], counts[2], counts[BUCKETS_MS.length]], [2, 1, 1, 1]);
  assertEquals([sum, count], [400_006, 5]);
});
