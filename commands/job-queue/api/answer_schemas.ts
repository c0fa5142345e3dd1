/** The schemas of what calls answer, for the description of the service. */

import { STATES } from "../model/job.ts";
import type { Schema } from "./route.ts";
import { LIMITS } from "./schemas.ts";

type Properties = Readonly<Record<string, Schema>>;

const TEXT = { type: "string" };
const FLAG = { type: "boolean" };
const WHOLE = { type: "integer" };
const COUNT = { type: "integer", minimum: 0 };
const NUMBER = { type: "number", minimum: 0 };
const ID = { type: "integer", minimum: 1 };
const MOMENT = { type: "string", format: "date-time" };
const ANYTHING = {};

const COUNTS = counts(...STATES);

const ATTEMPTED = object(
  { attempt: COUNT, error: TEXT, at: MOMENT },
  { worker: TEXT, startedAt: MOMENT },
);

const ALWAYS = {
  ...{ id: ID, type: TEXT, queue: TEXT, state: { enum: STATES }, priority: WHOLE },
  ...{ attempt: COUNT, maxRetries: COUNT, createdAt: MOMENT },
};
const SOMETIMES = {
  ...{ key: TEXT, uniqueKey: TEXT, worker: TEXT, cancelAsked: FLAG },
  timeout: { ...NUMBER, description: "of an attempt, in milliseconds" },
  ...{ startedAt: MOMENT, finishedAt: MOMENT, expiresAt: MOMENT },
  runAt: { ...MOMENT, description: "when one that is scheduled can be started" },
  leasedUntil: {
    ...MOMENT,
    description: "when the worker of one that runs has been silent too long",
  },
};

export const JOB_LIST: Schema = object({ jobs: list(object(ALWAYS, SOMETIMES)) }, { next: ID });

export const JOB_DETAIL: Schema = object(
  { ...ALWAYS, payload: ANYTHING, failures: list(ATTEMPTED), log: list(TEXT) },
  { ...SOMETIMES, result: ANYTHING, progress: ANYTHING },
);

export const THE_ID: Schema = object({ id: ID });

/** Of one job, or of a list. */
export const TAKEN_IN: Schema = {
  oneOf: [
    THE_ID,
    object({
      ids: { ...list({ oneOf: [ID, { type: "null" }] }), description: "null where it was refused" },
      duplicates: COUNT,
      refused: COUNT,
    }),
  ],
};

export const DUPLICATE: Schema = object({ id: ID, duplicate: { const: true } });

export const RETRIED: Schema = object({ retried: COUNT });

export const CANCELLED: Schema = object({ cancelled: COUNT });

export const LEASED: Schema = object({
  jobs: list(object({
    ...{ id: ID, epoch: ID, type: TEXT, queue: TEXT, key: TEXT, payload: ANYTHING, attempt: ID },
    ...{ maxRetries: COUNT, timeout: NUMBER, lease: NUMBER },
  })),
});

export const VERDICT: Schema = object({ verdict: { enum: ["ok", "cancelled"] } });

export const PAUSED: Schema = object({ queue: TEXT, paused: FLAG });

export const LIMITED: Schema = object({ queue: TEXT, limits: LIMITS });

export const QUEUES: Schema = object({
  queues: list(object({
    ...{ name: TEXT, paused: FLAG, limits: LIMITS, counts: object(COUNTS) },
    totals: object(counts("enqueued", "completed", "failed", "pruned", "late")),
  })),
});

export const SCHEDULED: Schema = object(
  {
    ...{ name: TEXT, cron: TEXT, timezone: TEXT, type: TEXT, queue: TEXT, payload: ANYTHING },
    options: { type: "object", description: "of its jobs, but for the queue" },
  },
  {
    next: MOMENT,
    skipped: object({ at: MOMENT, why: { enum: ["duplicate", "full"] } }),
  },
);

export const SCHEDULES: Schema = object({ schedules: list(SCHEDULED) });

export const THE_NAME: Schema = object({ name: TEXT });

export const STATUS: Schema = object({
  ...COUNTS,
  ...counts("failed", "workers", "busy", "waiting"),
  ...{ throughput: NUMBER, oldestPendingMs: NUMBER },
  ledger: object(counts("enqueued", "live", "completed", "dead", "cancelled", "pruned", "late")),
  queues: list(object({ name: TEXT, paused: FLAG, ...COUNTS })),
});

export const HEALTH: Schema = object({
  status: { enum: ["ok", "failing"] },
  sinceCommitMs: { oneOf: [NUMBER, { type: "null" }] },
  blockedMs: NUMBER,
  ...counts("workers", "busy"),
}, { reason: TEXT });

function object(always: Properties, sometimes: Properties = {}): Schema {
  return {
    type: "object",
    properties: { ...always, ...sometimes },
    required: Object.keys(always),
    additionalProperties: false,
  };
}

function list(items: Schema): Schema {
  return { type: "array", items };
}

function counts(...names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, COUNT]));
}
