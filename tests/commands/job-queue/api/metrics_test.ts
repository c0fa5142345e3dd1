import { assertEquals } from "../../../support/assert.ts";
import { Histogram } from "../../../../commands/job-queue/engine/meter.ts";
import type { Service } from "../../../../commands/job-queue/engine/service.ts";
import { NO_LIMITS } from "../../../../commands/job-queue/model/limits.ts";
import { noTotals } from "../../../../commands/job-queue/store/queue_book.ts";
import { metricsText } from "../../../../commands/job-queue/api/metrics.ts";

const QUEUE = {
  ...{ name: "a", paused: true, limits: NO_LIMITS },
  counts: { scheduled: 1, pending: 2, running: 3, completed: 4, dead: 5, cancelled: 6 },
  totals: { enqueued: 7, completed: 8, failed: 9, pruned: 10, late: 11 },
};

/** The text for these queues, without the lines that explain it, in lines. */
function samples(...queues: typeof QUEUE[]): string[] {
  const took = new Histogram();
  for (const milliseconds of [1, 40, 50, 400_000]) took.add(milliseconds);
  const service = {
    pool: { workers: 4, busy: 3 },
    meter: { took, throughput: (at: number) => at / 100 },
  } as Service;
  const view = { now: 0, oldestPendingMs: 1_500, announced: [], queues, forgotten: noTotals() };
  const text = metricsText(service, view, 500);
  assertEquals(text.at(-1), "\n");
  return text.trimEnd().split("\n").map((line) => line.replaceAll("wakeful_job_queue_", ""));
}

function of(name: string, lines: string[]): string[] {
  return lines.filter((line) => line.startsWith(name));
}

Deno.test("metrics: each queue has its jobs by state, its totals, and whether it is paused", () => {
  const lines = samples(QUEUE, { ...QUEUE, name: "b", paused: false });
  const states = Object.entries(QUEUE.counts);
  assertEquals(
    of("jobs{", lines),
    ["a", "b"].flatMap((queue) =>
      states.map(([state, count]) => `jobs{queue="${queue}",state="${state}"} ${count}`)
    ),
  );
  for (const [name, count] of Object.entries(QUEUE.totals)) {
    const both = [`${name}_total{queue="a"} ${count}`, `${name}_total{queue="b"} ${count}`];
    assertEquals(of(`${name}_total`, lines), both);
  }
  assertEquals(of("queue_paused", lines), [
    'queue_paused{queue="a"} 1',
    'queue_paused{queue="b"} 0',
  ]);
});

Deno.test("metrics: what is the matter right now, in seconds", () => {
  const lines = samples();
  const single = (name: string) => of(`${name} `, lines)[0];
  assertEquals(single("oldest_pending_seconds"), "oldest_pending_seconds 1.5");
  assertEquals(single("throughput_jobs_per_second"), "throughput_jobs_per_second 5");
  assertEquals([single("workers"), single("workers_busy")], ["workers 4", "workers_busy 3"]);
});

Deno.test("metrics: buckets count all that is below their ends, the last one everything", () => {
  const lines = samples();
  const bucket = (end: string) =>
    of(`attempt_seconds_bucket{le="${end}"}`, lines)[0]?.split(" ")[1];
  assertEquals(["0.001", "0.02", "0.05", "300", "+Inf"].map(bucket), ["1", "1", "3", "3", "4"]);
  assertEquals(of("attempt_seconds_sum", lines), ["attempt_seconds_sum 400.091"]);
  assertEquals(of("attempt_seconds_count", lines), ["attempt_seconds_count 4"]);
});

Deno.test("metrics: every one is explained once, before it comes", () => {
  const lines = samples(QUEUE);
  for (const line of lines.filter((line) => !line.startsWith("#"))) {
    const name = line.split(/[{ ]/)[0].replace(/^(attempt_seconds)_\w+$/, "$1");
    const types = lines.filter((line) => line.startsWith(`# TYPE ${name} `));
    assertEquals(types.length, 1, name);
    assertEquals(lines[lines.indexOf(types[0]) - 1].startsWith(`# HELP ${name} `), true, name);
    assertEquals(lines.indexOf(types[0]) < lines.indexOf(line), true, name);
  }
  const [jobs] = of("# TYPE jobs", lines);
  const [late] = of("# TYPE late", lines);
  const [took] = of("# TYPE attempt", lines);
  assertEquals([jobs, late, took], [
    "# TYPE jobs gauge",
    "# TYPE late_total counter",
    "# TYPE attempt_seconds histogram",
  ]);
});
