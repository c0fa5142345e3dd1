/** The schemas of what calls take, for the description of the service. */

import { formatDuration } from "../../cli/units.ts";
import * as caps from "../model/caps.ts";
import { GREATEST_PRIORITY, LEAST_PRIORITY } from "../model/rank.ts";
import type { Schema } from "./route.ts";

const TEXT = { type: "string" };
const NAMES = { type: "array", items: TEXT };
const EPOCH = { type: "integer", minimum: 1, description: "as it came with the lease" };

export const DURATION = {
  oneOf: [{ type: "string", examples: ["500ms", "10s", "2m"] }, { type: "number" }],
  description: "with its unit, or in milliseconds",
};

const LEASE_TIME = {
  ...DURATION,
  description: `how long the worker may be silent: ${formatDuration(caps.SHORTEST_LEASE_MS)} to ` +
    formatDuration(caps.LONGEST_LEASE_MS),
};

export const JOB: Schema = {
  type: "object",
  required: ["type"],
  properties: {
    type: TEXT,
    options: {
      type: "object",
      additionalProperties: false,
      properties: {
        queue: TEXT,
        key: { ...TEXT, description: "whose it is: keys get fair shares, and have limits" },
        priority: { type: "integer", minimum: LEAST_PRIORITY, maximum: GREATEST_PRIORITY },
        delay: DURATION,
        runAt: { type: "string", format: "date-time" },
        maxRetries: { type: "integer", minimum: 0 },
        timeout: { ...DURATION, description: "how long an attempt may take" },
        expires: { ...DURATION, description: "it never starts later than that" },
        uniqueKey: { ...TEXT, description: "no two live jobs have the same" },
      },
    },
  },
  additionalProperties: true,
  description: "what is neither type nor options is the payload",
};

export const JOBS: Schema = { oneOf: [JOB, { type: "array", items: JOB }] };

export const WHICH: Schema = object({ queue: TEXT, type: TEXT });

export const LEASE: Schema = object({
  worker: TEXT,
  types: NAMES,
  queues: NAMES,
  max: { type: "integer", minimum: 1 },
  lease: LEASE_TIME,
  wait: { ...DURATION, description: "how long to wait when there is nothing" },
}, ["worker", "types"]);

export const ACK: Schema = object({
  epoch: EPOCH,
  result: { description: `of at most ${caps.LONGEST_RESULT} characters in JSON` },
}, ["epoch"]);

export const NACK: Schema = object({
  epoch: EPOCH,
  error: { ...TEXT, description: `of which ${caps.LONGEST_ERROR} characters are kept` },
  fatal: { type: "boolean", description: "do not try again" },
  snooze: { ...DURATION, description: "no failure: go on after so long" },
  interrupted: { type: "boolean", description: "no failure: the worker had to stop" },
  cancelled: { type: "boolean", description: "it ended because it was told to" },
}, ["epoch"]);

export const HEARTBEAT: Schema = object({
  epoch: EPOCH,
  lease: LEASE_TIME,
  progress: { description: `left out when it has more than ${caps.LONGEST_PROGRESS} characters` },
  log: {
    ...{ type: "array", items: TEXT, maxItems: caps.MOST_LINES },
    description: `lines, of which ${caps.LONGEST_LINE} characters are kept; a job keeps the ` +
      `latest ${caps.MOST_LINES}`,
  },
}, ["epoch"]);

const LIMIT = object({
  concurrency: { type: "integer", minimum: 1 },
  rate: {
    ...object({ count: { type: "integer", minimum: 1 }, per: DURATION }, ["count", "per"]),
    description: "up to count may begin at once, then one every per/count",
  },
});

export const LIMITS: Schema = object({
  queue: LIMIT,
  types: { type: "object", additionalProperties: LIMIT },
  key: { ...LIMIT, description: "of each key" },
});

export const SCHEDULE: Schema = object({
  cron: {
    ...{ ...TEXT, examples: ["*/5 * * * *"] },
    description: "five fields, or six with seconds in front",
  },
  timezone: { ...TEXT, examples: ["Europe/Berlin"] },
  job: JOB,
}, ["cron", "job"]);

function object(properties: Readonly<Record<string, unknown>>, required: string[] = []): Schema {
  return { type: "object", properties, required, additionalProperties: false };
}
