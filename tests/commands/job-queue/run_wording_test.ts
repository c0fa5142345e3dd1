import { assertEquals } from "../../support/assert.ts";
import { runLines } from "../../../commands/job-queue/run_wording.ts";

Deno.test("run wording: jobs, time, rate, latency, depth and use of the workers", () => {
  const run = {
    ...{ jobs: 100, completed: 98, dead: 2, seconds: 2.5, jobsPerSecond: 40 },
    ...{ averageLatencyMs: 12.345, deepestQueue: 96, workers: 4, utilisation: 0.875 },
  };
  assertEquals(runLines(run), [
    "Jobs:        100 (98 completed, 2 dead)",
    "Duration:    2.50s",
    "Throughput:  40.00 jobs/s",
    "Latency:     12.35ms on average",
    "Queue depth: 96 at most",
    "Workers:     4, 87.5% busy",
  ]);
});
