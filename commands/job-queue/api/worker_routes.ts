/** Workers elsewhere, in any language: taking jobs under a lease, and finishing them. */

import { type Co, type Future, race } from "../../../runtime/mod.ts";
import type { HttpResponseInit } from "../../../net/mod.ts";
import { LONGEST_LEASE_MS, LONGEST_RESULT, MOST_LINES, SHORTEST_LEASE_MS } from "../model/caps.ts";
import type { Claim, FailureKind, Verdict } from "../model/command.ts";
import { LEASED, VERDICT } from "./answer_schemas.ts";
import { jsonAnswer } from "./answers.ts";
import { Fields } from "./fields.ts";
import { badRequest, notFound, Refusal } from "./refusal.ts";
import type { Call, Route } from "./route.ts";
import { ACK, HEARTBEAT, LEASE, NACK } from "./schemas.ts";

const MOST_AT_ONCE = 1_000;
const LONGEST_WAIT_MS = 60_000;

const FENCED = {
  404: "there is no such job, or no more",
  409: "the lease was lost, and somebody else may have the job: what was sent is not done",
};

export const WORKER_ROUTES: readonly Route[] = [
  {
    method: "POST",
    path: "/lease",
    about: "Takes jobs; waits for some if there are none. Names the types that the worker knows.",
    body: LEASE,
    answers: { 200: "the jobs, each with the epoch that its worker has to name" },
    gives: { 200: LEASED },
    isRefusedAtTheEnd: true,
    handle: lease,
  },
  {
    method: "POST",
    path: "/jobs/{id}/ack",
    about: "Finishes a job, with its result if it has one.",
    body: ACK,
    answers: { 200: "completed", ...FENCED },
    gives: { 200: VERDICT },
    handle: ack,
  },
  {
    method: "POST",
    path: "/jobs/{id}/nack",
    about: "Ends an attempt without a result; the job is tried again unless it is said otherwise.",
    body: NACK,
    answers: { 200: "noted", ...FENCED },
    gives: { 200: VERDICT },
    handle: nack,
  },
  {
    method: "POST",
    path: "/jobs/{id}/heartbeat",
    about: "Renews the lease, and tells how far the job is.",
    body: HEARTBEAT,
    answers: { 200: "the verdict: ok, or cancelled when the worker is to end the job", ...FENCED },
    gives: { 200: VERDICT },
    handle: heartbeat,
  },
];

function* lease(call: Call): Co<HttpResponseInit> {
  const fields = new Fields(yield* call.json(), "the body");
  const worker = fields.name("worker");
  const types = fields.names("types");
  const queues = fields.names("queues");
  const max = fields.whole("max", 1, MOST_AT_ONCE) ?? 1;
  const lease = leaseOf(call, fields);
  const wait = Math.min(fields.duration("wait") ?? 0, LONGEST_WAIT_MS);
  fields.end();
  if (worker === undefined || types === undefined || types.length === 0) {
    throw badRequest('the body: expected a field "worker", and "types" with at least one');
  }
  if (worker === call.service.options.name) {
    throw badRequest(`worker: ${worker} is the server's own name, which takes back what it held`);
  }
  yield* call.service.announce(types);
  const { keeper, stopping } = call.service;
  const claims = yield* race<readonly Claim[]>(
    () => keeper.claim({ worker, types, queues, lease }, wait, () => max),
    () => nothingAfter(stopping.cancelled()),
    () => nothingAfter(call.request.gone()), // a job for it would wait for its lease to end
  );
  return jsonAnswer({ jobs: claims.map((claim) => leasedView(claim, lease)) });
}

function* nothingAfter(stopped: Future<string | void>): Co<readonly Claim[]> {
  yield* stopped;
  return [];
}

function leasedView({ payload, ...claim }: Claim, lease: number) {
  return { ...claim, lease, payload: JSON.parse(payload) };
}

function* ack(call: Call): Co<HttpResponseInit> {
  const fields = new Fields(yield* call.json(), "the body");
  const epoch = epochOf(fields);
  const result = JSON.stringify(fields.take("result"));
  fields.end();
  if ((result?.length ?? 0) > LONGEST_RESULT) {
    throw new Refusal(413, "too-large", `a result has at most ${LONGEST_RESULT} characters`);
  }
  const { id } = call;
  return verdict(id, yield* call.service.keeper.do({ kind: "complete", id, epoch, result }));
}

function* nack(call: Call): Co<HttpResponseInit> {
  const fields = new Fields(yield* call.json(), "the body");
  const epoch = epochOf(fields);
  const error = fields.text("error") ?? "the worker gave no reason";
  const delay = fields.duration("snooze");
  const how = failureOf(fields, delay);
  fields.end();
  const { id } = call;
  const { keeper } = call.service;
  return verdict(id, yield* keeper.do({ kind: "fail", id, epoch, how, error, delay }));
}

function failureOf(fields: Fields, snooze: number | undefined): FailureKind {
  const said = (["fatal", "interrupted", "cancelled"] as const).filter((how) => fields.flag(how));
  const all: FailureKind[] = snooze === undefined ? said : [...said, "snooze"];
  if (all.length > 1) throw badRequest(`the body: expected only one of ${all.join(", ")}`);
  return all.at(0) ?? "error";
}

function* heartbeat(call: Call): Co<HttpResponseInit> {
  const fields = new Fields(yield* call.json(), "the body");
  const epoch = epochOf(fields);
  const lease = leaseOf(call, fields);
  const progress = JSON.stringify(fields.take("progress"));
  const log = linesOf(fields.take("log"));
  fields.end();
  const { id } = call;
  const { keeper } = call.service;
  return verdict(id, yield* keeper.do({ kind: "heartbeat", id, epoch, lease, progress, log }));
}

function epochOf(fields: Fields): number {
  const epoch = fields.whole("epoch", 1, Number.MAX_SAFE_INTEGER);
  if (epoch === undefined) throw badRequest('the body: expected a field "epoch"');
  return epoch;
}

function leaseOf({ service }: Call, fields: Fields): number {
  const lease = fields.duration("lease") ?? service.options.lease;
  return Math.min(Math.max(lease, SHORTEST_LEASE_MS), LONGEST_LEASE_MS);
}

function linesOf(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const isLines = Array.isArray(value) && value.length <= MOST_LINES &&
    value.every((line) => typeof line === "string");
  if (!isLines) throw badRequest(`the body: log: expected at most ${MOST_LINES} lines of text`);
  return value;
}

function verdict(id: number, verdict: Verdict): HttpResponseInit {
  if (verdict === "unknown") throw notFound(`there is no job ${id}`);
  if (verdict === "lost") {
    throw new Refusal(409, "lost", `the lease of job ${id} was lost: this is not done`);
  }
  return jsonAnswer({ verdict });
}
