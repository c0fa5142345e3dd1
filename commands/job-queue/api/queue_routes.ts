/** Queues: pausing, limits, and jobs that come again and again. */

import type { Co } from "../../../runtime/mod.ts";
import type { HttpResponseInit } from "../../../net/mod.ts";
import { quote } from "../../cli/quote.ts";
import type { Limit, QueueLimits } from "../model/limits.ts";
import { A_NAME, isName } from "../model/names.ts";
import type { Rate } from "../model/pace.ts";
import { complaintAbout } from "../model/schedule.ts";
import { LIMITED, PAUSED, QUEUES, SCHEDULED, SCHEDULES, THE_NAME } from "./answer_schemas.ts";
import { jsonAnswer } from "./answers.ts";
import { Fields } from "./fields.ts";
import { readJob } from "./read_job.ts";
import { badRequest, notFound } from "./refusal.ts";
import type { Call, Route } from "./route.ts";
import { LIMITS, SCHEDULE } from "./schemas.ts";
import { scheduleView } from "./views.ts";

const MOST = 1_000_000;

export const QUEUE_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/queues",
    about: "Every queue with its counts, limits, and whether it is paused.",
    answers: { 200: "the queues" },
    gives: { 200: QUEUES },
    *handle({ service }) {
      const { queues } = yield* service.keeper.view();
      return jsonAnswer({ queues });
    },
  },
  {
    method: "POST",
    path: "/queues/{name}/pause",
    about: "Gives out no more jobs of a queue; those that run go on.",
    answers: { 200: "paused" },
    gives: { 200: PAUSED },
    handle: (call) => setPaused(call, true),
  },
  {
    method: "POST",
    path: "/queues/{name}/resume",
    about: "Gives out jobs of a queue again.",
    answers: { 200: "resumed" },
    gives: { 200: PAUSED },
    handle: (call) => setPaused(call, false),
  },
  {
    method: "PUT",
    path: "/queues/{name}/limits",
    about: "Says how many jobs of a queue may run at once or begin in a time: of all of it, of " +
      "single types, and of each key. What is left out is not limited.",
    body: LIMITS,
    answers: { 200: "the limits" },
    gives: { 200: LIMITED },
    handle: setLimits,
  },
  {
    method: "GET",
    path: "/schedules",
    about: "The jobs that come again and again.",
    answers: { 200: "the schedules, with their next times" },
    gives: { 200: SCHEDULES },
    *handle({ service }) {
      return jsonAnswer({ schedules: (yield* service.keeper.schedules()).map(scheduleView) });
    },
  },
  {
    method: "PUT",
    path: "/schedules/{name}",
    about: "Puts in a job at every time of a cron expression; once for all that were missed.",
    body: SCHEDULE,
    answers: { 200: "the schedule, with its next time", 422: "nobody knows the type" },
    gives: { 200: SCHEDULED },
    handle: setSchedule,
  },
  {
    method: "DELETE",
    path: "/schedules/{name}",
    about: "Ends a schedule; jobs it has put in stay.",
    answers: { 200: "ended", 404: "there is none" },
    gives: { 200: THE_NAME },
    *handle(call) {
      const name = nameOf(call);
      const { keeper } = call.service;
      const found = yield* keeper.do<"unschedule">({ kind: "unschedule", name });
      if (!found) throw notFound(`there is no schedule ${name}`);
      return jsonAnswer({ name });
    },
  },
];

function nameOf({ params: { name } }: Call): string {
  if (isName(name)) return name;
  throw badRequest(`name: expected ${A_NAME}`);
}

function* setPaused(call: Call, paused: boolean): Co<HttpResponseInit> {
  const queue = nameOf(call);
  yield* call.service.keeper.do<"pause">({ kind: "pause", queue, paused });
  return jsonAnswer({ queue, paused });
}

function* setLimits(call: Call): Co<HttpResponseInit> {
  const queue = nameOf(call);
  const fields = new Fields(yield* call.json(), "the body");
  const limits: QueueLimits = {
    queue: readLimit(fields.take("queue"), "queue"),
    types: readTypes(fields.take("types")),
    key: readLimit(fields.take("key"), "key"),
  };
  fields.end();
  yield* call.service.keeper.do<"limit">({ kind: "limit", queue, limits });
  return jsonAnswer({ queue, limits });
}

function readTypes(value: unknown = {}): QueueLimits["types"] {
  const types = Object.entries(new Fields(value, "types").rest());
  return Object.fromEntries(types.map(([type, limit]) => {
    if (isName(type)) return [type, readLimit(limit, `types: ${type}`)];
    throw badRequest(`types: expected names, each ${A_NAME}, got ${quote(type)}`);
  }));
}

function readLimit(value: unknown, where: string): Limit {
  const fields = new Fields(value ?? {}, where);
  const concurrency = fields.whole("concurrency", 1, MOST);
  const rate = readRate(fields.take("rate"), `${where}: rate`);
  fields.end();
  return { ...(concurrency && { concurrency }), ...(rate && { rate }) };
}

function readRate(value: unknown, where: string): Rate | undefined {
  if (value === undefined) return undefined;
  const fields = new Fields(value, where);
  const count = fields.whole("count", 1, MOST);
  const per = fields.duration("per");
  fields.end();
  if (count !== undefined && per !== undefined && per > 0) return { count, per };
  throw badRequest(`${where}: expected "count" and "per", such as {"count": 10, "per": "1s"}`);
}

function* setSchedule(call: Call): Co<HttpResponseInit> {
  const name = nameOf(call);
  const fields = new Fields(yield* call.json(), "the body");
  const [cron, timezone = "UTC"] = [fields.text("cron"), fields.text("timezone")];
  const spec = readJob(fields.take("job"), "job", (type) => call.service.knows(type));
  fields.end();
  if (cron === undefined) throw badRequest('the body: expected a field "cron"');
  const complaint = complaintAbout(cron, timezone);
  if (complaint !== undefined) throw badRequest(complaint);
  const schedule = { name, cron, timezone, spec };
  const made = yield* call.service.keeper.do<"schedule">({ kind: "schedule", schedule });
  return jsonAnswer(scheduleView(made));
}
