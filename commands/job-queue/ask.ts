/** The words that ask a server for something: enqueue, status, list, retry, cancel, watch. */

import { type Co, End, race } from "../../runtime/mod.ts";
import { BufReader, type HttpResponse, RequestFailed } from "../../net/mod.ts";
import { EXIT_OK, RuntimeFailure, UsageError } from "../cli/errors.ts";
import { interrupted } from "../cli/interrupt.ts";
import { quote } from "../cli/quote.ts";
import type { Surroundings } from "../cli/tool.ts";
import { eventLine, jobLines, jobTable, statusLines } from "./ask_wording.ts";
import { QueueClient, Refused } from "./client/queue_client.ts";
import { refusalText } from "./client/refusal_text.ts";
import type { QueueOptions } from "./command.ts";
import { liveOf, showStatus } from "./dashboard.ts";

type Ask = (client: QueueClient, options: QueueOptions, around: Surroundings) => Co<void>;
type Word = (options: QueueOptions, around: Surroundings) => Co<number>;

/** What flags say of a job. */
const GIVEN = [
  ...["queue", "key", "priority", "delay", "runAt", "expires"] as const,
  ...["maxRetries", "timeout", "uniqueKey"] as const,
];
const ALL = "all";
const ALL_DEAD = "dead";
/** Failures of a request that mean that nobody is there any more. */
const GONE: ReadonlySet<RequestFailed["kind"]> = new Set([
  ...["reset", "reset-in-answer", "early-close", "short-body"] as const,
]);

/** Talks to the server, and tells what went wrong in one line. */
function asking(ask: Ask): Word {
  return function* (options, around) {
    using client = new QueueClient(options);
    try {
      yield* ask(client, options, around);
      return EXIT_OK;
    } catch (error) {
      throw told(error, options.server);
    }
  };
}

/** What an error comes to for whoever has typed the command. */
function told(error: unknown, server: string): unknown {
  if (error instanceof Refused) {
    return new RuntimeFailure(refusalText(error), { cause: error });
  }
  if (!(error instanceof RequestFailed)) return error;
  if (GONE.has(error.kind)) {
    const message = `${server} has broken off the connection; is the server still running?`;
    return new RuntimeFailure(message, { cause: error });
  }
  if (error.kind !== "connect") {
    return new RuntimeFailure(`${server}: ${error.message}`, { cause: error });
  }
  const why = error.cause instanceof Error ? error.cause.message : error.message;
  const message = `no job queue answers: ${why}; is "job-queue serve" running? --server says where`;
  return new RuntimeFailure(message, { cause: error });
}

export const enqueue: Word = asking(function* (client, options, { terminal, args }) {
  const [type, payload = "{}"] = args;
  if (type === undefined) throw new UsageError("missing TYPE: enqueue TYPE [PAYLOAD]");
  const given = Object.fromEntries(GIVEN.map((name) => [name, options[name]]));
  const { body } = yield* client.post("/jobs", { ...readPayload(payload), type, options: given });
  terminal.out(
    options.json ? JSON.stringify(body) : body.duplicate ? `${body.id} is there` : `${body.id}`,
  );
});

export const status: Word = asking(function* (client, { json }, { terminal }) {
  const { body } = yield* client.get("/status");
  if (json) terminal.out(JSON.stringify(body));
  else statusLines(body).forEach((line) => terminal.out(line));
});

export const list: Word = asking(function* (client, options, { terminal, args }) {
  const { json } = options;
  const [id] = args;
  if (id !== undefined) {
    const { body } = yield* client.get(`/jobs/${idAlone(id, options)}`);
    return json
      ? terminal.out(JSON.stringify(body))
      : jobLines(body).forEach((line) => terminal.out(line));
  }
  const query = new URLSearchParams();
  for (const name of ["state", "type", "queue", "limit", "after"] as const) {
    if (options[name] !== undefined) query.set(name, String(options[name]));
  }
  const { body } = yield* client.get(`/jobs?${query}`);
  if (json) terminal.out(JSON.stringify(body.jobs));
  else jobTable(body.jobs).forEach((line) => terminal.out(line));
});

export const retry: Word = asking(function* (client, options, { terminal, args }) {
  const { type, queue, json } = options;
  const [which] = args;
  if (which !== ALL_DEAD) {
    const { body } = yield* client.post(`/jobs/${idAlone(which, options)}/retry`);
    return terminal.out(json ? JSON.stringify(body) : `job ${body.id} is pending again`);
  }
  const { body } = yield* client.post("/dead/retry", { type, queue });
  terminal.out(json ? JSON.stringify(body) : `${body.retried} dead jobs are pending again`);
});

export const cancel: Word = asking(function* (client, options, { terminal, args }) {
  const { type, queue, json } = options;
  const [which] = args;
  if (which === ALL) {
    const { body } = yield* client.post("/jobs/cancel", { type, queue });
    return terminal.out(json ? JSON.stringify(body) : `${body.cancelled} jobs are cancelled`);
  }
  const { status, body } = yield* client.delete(`/jobs/${idAlone(which, options)}`);
  const word = status === ACCEPTED ? "was told to end" : "is cancelled";
  terminal.out(json ? JSON.stringify(body) : `job ${body.id} ${word}`);
});

const ACCEPTED = 202;

export const watch: Word = asking(function* (client, { json }, { terminal }) {
  if (!json && terminal.live !== undefined) {
    const look = function* () {
      return (yield* client.get("/status")).body;
    };
    yield* race<unknown>(interrupted(terminal), () => showStatus(liveOf(terminal), look));
    return;
  }
  const show = (event: string) => terminal.out(json ? event : eventLine(JSON.parse(event)));
  yield* race<unknown>(
    interrupted(terminal),
    () => client.stream("/events", (response) => follow(response, show)),
  );
});

const DATA = "data: ";

function* follow({ body }: HttpResponse, show: (event: string) => void): Co<void> {
  const lines = new BufReader(body);
  for (let line = yield* lines.readLine(); line !== End; line = yield* lines.readLine()) {
    if (line.startsWith(DATA)) show(line.slice(DATA.length));
  }
}

function readPayload(text: string): object {
  const payload = parsed(text);
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw new UsageError(`payload ${quote(text)}: expected an object in JSON, such as '{"ms":10}'`);
  }
  const taken = ["type", "options"].find((name) => Object.hasOwn(payload, name));
  if (taken === undefined) return payload;
  throw new UsageError(
    `payload ${quote(text)}: expected no field ${taken}, which is the job's own`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Beside an ID, flags that say which of many would say nothing. */
function idAlone(word: string | undefined, { state, type, queue, after }: QueueOptions): string {
  const id = idOf(word);
  for (const [name, value] of Object.entries({ state, type, queue, after })) {
    if (value === undefined) continue;
    throw new UsageError(`unexpected flag --${name}: an ID names one job`);
  }
  return id;
}

function idOf(word: string | undefined): string {
  if (word !== undefined && /^[1-9]\d*$/.test(word)) return word;
  throw new UsageError(
    word === undefined ? "missing ID of a job" : `${quote(word)}: expected the ID of a job`,
  );
}
