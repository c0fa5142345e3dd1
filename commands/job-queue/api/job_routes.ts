/** Jobs: putting them in, looking at them, ending them, beginning them anew. */

import type { Co } from "../../../runtime/mod.ts";
import type { HttpResponseInit } from "../../../net/mod.ts";
import type { Changed, Enqueued, Which } from "../model/command.ts";
import { type JobState, STATES } from "../model/job.ts";
import {
  CANCELLED,
  DUPLICATE,
  JOB_DETAIL,
  JOB_LIST,
  RETRIED,
  TAKEN_IN,
  THE_ID,
} from "./answer_schemas.ts";
import { jsonAnswer } from "./answers.ts";
import { Fields } from "./fields.ts";
import { readJobs } from "./read_job.ts";
import { readCount, readName } from "./read_query.ts";
import { badRequest, conflict, notFound, unavailable } from "./refusal.ts";
import type { Call, Route } from "./route.ts";
import { JOBS, WHICH } from "./schemas.ts";
import { detailView, jobView } from "./views.ts";

type Some = Exclude<Which, { readonly id: number }>;

const ACCEPTED = 202;
const DEFAULT_PAGE = 50;
const LARGEST_PAGE = 1_000;

/** Which jobs are listed. */
const LISTED = {
  type: "only of this type",
  queue: "only of this queue",
  limit: `how many at most; ${DEFAULT_PAGE} unless said, up to ${LARGEST_PAGE}`,
  after: "only those that come after the job of this id: the next page",
};

export const JOB_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: "/jobs",
    about: "Takes in one job, or a list of them; answered when they are on the disk.",
    body: JOBS,
    answers: {
      200: "a live job has the unique key already; its id",
      202: "taken in; the id, or the ids in order",
      422: "nobody knows the type",
      503: "the queue is full, or the disk is",
    },
    gives: { 200: DUPLICATE, 202: TAKEN_IN },
    isRefusedAtTheEnd: true,
    handle: enqueue,
  },
  {
    method: "GET",
    path: "/jobs",
    about: "Lists jobs, the youngest first.",
    query: { state: `one of ${STATES.join(", ")}`, ...LISTED },
    answers: { 200: "the jobs, and the id to go on after" },
    gives: { 200: JOB_LIST },
    handle: (call) => list(call, readState(call.query.get("state"))),
  },
  {
    method: "GET",
    path: "/jobs/{id}",
    about: "Everything that is known of a job.",
    answers: { 200: "the job", 404: "there is none of that id, or no more" },
    gives: { 200: JOB_DETAIL },
    handle: detail,
  },
  {
    method: "DELETE",
    path: "/jobs/{id}",
    about: "Cancels a job. One that runs is told to end, and does within a moment.",
    answers: {
      200: "cancelled",
      202: "it runs, and was told to end",
      404: "there is none",
      409: "it is over already",
    },
    gives: { 200: THE_ID, 202: THE_ID },
    *handle(call) {
      const changed = yield* call.service.cancel({ id: call.id });
      return changedOne(
        call.id,
        changed,
        "is over already: one that waits or runs can be cancelled",
      );
    },
  },
  {
    method: "POST",
    path: "/jobs/{id}/retry",
    about: "Lets a dead or cancelled job begin anew, with all its attempts.",
    answers: {
      200: "it is pending",
      404: "there is none",
      409: "it is neither dead nor cancelled",
    },
    gives: { 200: THE_ID },
    *handle(call) {
      const { keeper } = call.service;
      const changed = yield* keeper.do<"retry">({ kind: "retry", which: { id: call.id } });
      return changedOne(
        call.id,
        changed,
        "is neither dead nor cancelled, and only such a job can be retried",
      );
    },
  },
  {
    method: "GET",
    path: "/dead",
    about: "Lists the dead jobs: those that have failed for good.",
    query: LISTED,
    answers: { 200: "the jobs, and the id to go on after" },
    gives: { 200: JOB_LIST },
    handle: (call) => list(call, "dead"),
  },
  {
    method: "POST",
    path: "/dead/retry",
    about: "Lets dead jobs begin anew: all, or those of a queue or a type.",
    body: WHICH,
    isBodyOptional: true,
    answers: { 200: "how many" },
    gives: { 200: RETRIED },
    *handle(call) {
      const { keeper } = call.service;
      const retried = yield* changeAll(
        readSome(yield* call.jsonOrNothing()),
        (which) => keeper.do<"retry">({ kind: "retry", which }),
      );
      return jsonAnswer({ retried });
    },
  },
  {
    method: "POST",
    path: "/jobs/cancel",
    about:
      "Cancels jobs that are not over, as DELETE does one: all, or those of a queue or a type.",
    body: WHICH,
    answers: { 200: "how many; those that run are told to end" },
    gives: { 200: CANCELLED },
    *handle(call) {
      const cancelled = yield* changeAll(
        readSome(yield* call.json()),
        (which) => call.service.cancel(which),
      );
      return jsonAnswer({ cancelled });
    },
  },
];

function* enqueue(call: Call): Co<HttpResponseInit> {
  const { service } = call;
  const { specs, isList } = readJobs(yield* call.json(), (type) => service.knows(type));
  const enqueued = yield* service.enqueue(specs);
  const full = enqueued.filter(({ refused }) => refused === "full").length;
  if (full === enqueued.length) throw unavailable("full", "the queue is full: try again later");
  if (!isList) return one(enqueued[0]);
  const ids = enqueued.map(({ id }) => id ?? null);
  const duplicates = enqueued.filter(({ refused }) => refused === "duplicate").length;
  return jsonAnswer({ ids, duplicates, refused: full }, ACCEPTED);
}

function one({ id, refused }: Enqueued): HttpResponseInit {
  return refused === "duplicate"
    ? jsonAnswer({ id, duplicate: true })
    : jsonAnswer({ id }, ACCEPTED, { Location: `/jobs/${id}` });
}

function* list({ service, query }: Call, state: JobState | undefined): Co<HttpResponseInit> {
  const limit = readCount(query, "limit", LARGEST_PAGE) ?? DEFAULT_PAGE;
  const before = readCount(query, "after");
  const [type, queue] = [readName(query, "type"), readName(query, "queue")];
  const jobs = yield* service.keeper.list({ state, type, queue, before, limit });
  const next = jobs.length === limit ? jobs.at(-1)?.id : undefined;
  return jsonAnswer({ jobs: jobs.map(jobView), next });
}

function* detail({ service, id }: Call): Co<HttpResponseInit> {
  const found = yield* service.keeper.detail(id);
  if (found === undefined) throw notFound(`there is no job ${id}`);
  return jsonAnswer(detailView(found));
}

/** All, or those of a queue or a type. */
function readSome(body: unknown): Some {
  const fields = new Fields(body, "the body");
  const some = { queue: fields.name("queue"), type: fields.name("type") };
  fields.end();
  return some;
}

/**
 * All of them, each once, in as many transactions as it takes: others have their turns between.
 * Answers how many there were.
 */
function* changeAll(some: Some, change: (some: Some) => Co<Changed>): Co<number> {
  let count = 0;
  let before: number | undefined;
  do {
    const changed = yield* change({ ...some, before });
    count += changed.count;
    before = changed.before;
  } while (before !== undefined);
  return count;
}

/** @param otherwise what is said of a job in another state */
function changedOne(id: number, changed: Changed, otherwise: string): HttpResponseInit {
  const { refused, running } = changed;
  if (refused === "unknown") throw notFound(`there is no job ${id}`);
  if (refused === "duplicate") throw conflict(`another live job has the unique key of job ${id}`);
  if (refused === "state") throw conflict(`job ${id} ${otherwise}`);
  return jsonAnswer({ id }, running.length > 0 ? ACCEPTED : undefined);
}

function readState(word: string | null): JobState | undefined {
  const state = STATES.find((state) => state === word);
  if (state !== undefined || word === null) return state;
  throw badRequest(`state: expected one of ${STATES.join(", ")}`);
}
