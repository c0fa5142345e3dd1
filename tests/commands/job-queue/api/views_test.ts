import { assertEquals } from "../../../support/assert.ts";
import type { Service } from "../../../../commands/job-queue/engine/service.ts";
import type { Job } from "../../../../commands/job-queue/model/job.ts";
import { NO_LIMITS } from "../../../../commands/job-queue/model/limits.ts";
import { jobSpec } from "../../../../commands/job-queue/model/spec.ts";
import type { QueueView, StoreView } from "../../../../commands/job-queue/store/store.ts";
import {
  countOf,
  detailView,
  jobView,
  scheduleView,
  statusView,
  totalOf,
} from "../../../../commands/job-queue/api/views.ts";
import { START } from "../store/rig.ts";

const AT = "2025-01-01T00:00:00.000Z";
const LATER = "2025-01-01T00:00:01.000Z";

const PENDING: Job = {
  ...{ id: 7, queue: "q", type: "t", key: "", priority: 1, maxRetries: 3, timeout: 0 },
  ...{ expiresAt: 0, uniqueKey: "", createdAt: START, lane: 1, state: "pending", rank: 0, due: 0 },
  ...{ epoch: 0, attempt: 0, worker: "", byClock: false, cancelAsked: false, readyAt: START },
  ...{ startedAt: 0, finishedAt: 0 },
};

const PENDING_VIEW = {
  ...{ id: 7, type: "t", queue: "q", state: "pending", priority: 1, attempt: 0, maxRetries: 3 },
  createdAt: AT,
};

const TWO_QUEUES: StoreView = {
  ...{ now: START, oldestPendingMs: 12, announced: [] },
  queues: [queueView("a", 1), queueView("b", 10)],
  forgotten: { enqueued: 100, completed: 200, failed: 300, pruned: 400, late: 500 },
};

function queueView(name: string, n: number): QueueView {
  return {
    ...{ name, paused: n === 10, limits: NO_LIMITS },
    counts: {
      ...{ scheduled: n, pending: 2 * n, running: 3 * n },
      ...{ completed: 4 * n, dead: 5 * n, cancelled: 6 * n },
    },
    totals: { enqueued: 21 * n, completed: 7 * n, failed: 8 * n, pruned: 9 * n, late: 10 * n },
  };
}

/** As a client gets it. */
function sent(view: unknown): unknown {
  return JSON.parse(JSON.stringify(view));
}

Deno.test("views: a job says nothing of what it does not have", () => {
  assertEquals(sent(jobView(PENDING)), PENDING_VIEW);
});

Deno.test("views: a job says all that it has, with its times as dates", () => {
  const more = { key: "ann", timeout: 5, uniqueKey: "u", worker: "w", cancelAsked: true };
  const times = { startedAt: START, finishedAt: START, expiresAt: START + 1_000 };
  assertEquals(sent(jobView({ ...PENDING, ...more, ...times })), {
    ...{ ...PENDING_VIEW, ...more, startedAt: AT, finishedAt: AT, expiresAt: LATER },
  });
});

Deno.test("views: when a job is due means what its state says", () => {
  const due = START + 1_000;
  const view = (state: Job["state"]) => {
    const { runAt, leasedUntil } = jobView({ ...PENDING, state, due });
    return [runAt, leasedUntil];
  };
  assertEquals(view("scheduled"), [LATER, undefined]);
  assertEquals(view("running"), [undefined, LATER]);
  for (const state of ["pending", "completed", "dead", "cancelled"] as const) {
    assertEquals(view(state), [undefined, undefined]);
  }
});

Deno.test("views: the texts of a job are JSON again", () => {
  const failure = { attempt: 1, worker: "w", error: "no luck" };
  const detail = {
    ...{ job: PENDING, payload: '{"n":1}', result: "[2]", progress: "0.5", log: ["one"] },
    failures: [{ ...failure, startedAt: START, at: START + 1_000 }],
  };
  const view = { ...PENDING_VIEW, payload: { n: 1 }, log: ["one"] };
  assertEquals(sent(detailView(detail)), {
    ...{ ...view, result: [2], progress: 0.5 },
    failures: [{ ...failure, startedAt: AT, at: LATER }],
  });
  const waited = { attempt: 0, worker: "", startedAt: 0, at: START, error: "expired" };
  const { failures } = sent(detailView({ ...detail, failures: [waited] })) as typeof detail;
  assertEquals(failures as unknown, [{ attempt: 0, error: "expired", at: AT }]);
  const bare = { ...detail, result: undefined, progress: undefined, failures: [] };
  assertEquals(sent(detailView(bare)), { ...view, failures: [] });
});

Deno.test("views: a schedule says when it fires next, if ever", () => {
  const spec = jobSpec("t", { payload: '{"n":1}', queue: "q" });
  const schedule = { name: "daily", cron: "0 0 * * *", timezone: "UTC", spec, next: START };
  const about = { type: "t", queue: "q", payload: { n: 1 }, options: {} };
  const { spec: _spec, ...view } = { ...schedule, ...about };
  assertEquals(sent(scheduleView(schedule)), { ...view, next: AT });
  assertEquals(scheduleView({ ...schedule, next: 0 }).next, undefined);
  const said = { priority: 5, maxRetries: 0, uniqueKey: "one" };
  assertEquals(scheduleView({ ...schedule, spec: { ...spec, ...said } }).options, said);
  const skipped = { at: START, why: "full" } as const;
  assertEquals(scheduleView({ ...schedule, skipped }).skipped, { at: AT, why: "full" });
});

Deno.test("views: the status sums up the queues, and its ledger balances", () => {
  const service = {
    pool: { workers: 4, busy: 3 },
    meter: { throughput: (at: number) => at / 100 },
    keeper: { waiting: 2 },
  } as Service;
  const status = statusView(service, TWO_QUEUES, 500);
  assertEquals(status, {
    ...{ scheduled: 11, pending: 22, running: 33, completed: 277, failed: 388, dead: 55 },
    ...{ cancelled: 66, workers: 4, busy: 3, waiting: 2, throughput: 5, oldestPendingMs: 12 },
    ledger: {
      ...{ enqueued: 331, live: 66, completed: 44, dead: 55, cancelled: 66 },
      ...{ pruned: 499, late: 610 },
    },
    queues: TWO_QUEUES.queues.map(({ name, paused, counts }) => ({ name, paused, ...counts })),
  });
});

Deno.test("views: counts are over all queues, and totals over those that are forgotten as well", () => {
  assertEquals([countOf(TWO_QUEUES, "dead"), totalOf(TWO_QUEUES, "failed")], [55, 388]);
  const none = { ...TWO_QUEUES, queues: [] };
  assertEquals([countOf(none, "dead"), totalOf(none, "failed")], [0, 300]);
});
