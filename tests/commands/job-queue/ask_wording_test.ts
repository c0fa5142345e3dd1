import { assertEquals } from "../../support/assert.ts";
import {
  eventLine,
  jobLines,
  jobTable,
  statusLines,
} from "../../../commands/job-queue/ask_wording.ts";

const JOB = {
  ...{ id: 12, state: "dead", type: "resize", queue: "default", attempt: 4, maxRetries: 3 },
  createdAt: "2025-01-01T00:00:00.000Z",
};

Deno.test("ask wording: jobs stand in columns", () => {
  assertEquals(jobTable([JOB, { ...JOB, id: 7, queue: "q" }]), [
    "id  state  type    queue    attempt  created",
    "12  dead   resize  default  4/4      2025-01-01T00:00:00.000Z",
    "7   dead   resize  q        4/4      2025-01-01T00:00:00.000Z",
  ]);
  assertEquals(jobTable([]).length, 1);
});

Deno.test("ask wording: one job is told whole, a line for each thing", () => {
  const failures = [
    { attempt: 1, at: "then", worker: "w", error: "no luck" },
    { attempt: 1, at: "later", error: "expired" },
  ];
  const lines = jobLines({ id: 7, payload: { a: 1 }, failures, log: ["one"] });
  assertEquals(lines, [
    "id          7",
    'payload     {"a":1}',
    "attempt 1 failed at then with w: no luck",
    "ended at later: expired",
    "log: one",
  ]);
});

Deno.test("ask wording: the status names queues that are paused", () => {
  const counts = { pending: 5, scheduled: 0, running: 3, completed: 42, failed: 1, dead: 0 };
  const queues = [{ name: "a", paused: true }, { name: "b", paused: false }];
  const more = { cancelled: 0, throughput: 1.5, busy: 3, workers: 4, oldestPendingMs: 7, queues };
  const lines = statusLines({ ...counts, ...more });
  assertEquals(lines[0], "         5  pending    can be started now");
  assertEquals(lines.at(-2), "1.5 jobs/s, 3 of 4 workers busy, the oldest has waited 7 ms");
  assertEquals(lines.at(-1), "paused: a");
});

Deno.test("ask wording: an event is a line", () => {
  const event = { event: "JobStarted", at: 1_735_689_600_000, id: 7, type: "noop" };
  assertEquals(eventLine(event), "2025-01-01T00:00:00.000Z JobStarted id=7 type=noop");
  assertEquals(eventLine({ event: "Lagged", missed: 3 }), "Lagged missed=3");
});
