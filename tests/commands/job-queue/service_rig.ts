import { type Co, currentLoop, Filter, Logger, spawn, Tracer } from "wakeful/runtime";
import { duplex, HttpConnection, serveConnection } from "wakeful/net";
import { runTest } from "wakeful/testing";
import { serverRefusal } from "../../../commands/job-queue/api/answers.ts";
import { Api } from "../../../commands/job-queue/api/api.ts";
import { BUILT_IN } from "../../../commands/job-queue/engine/built_in.ts";
import type { Handler, HandlerFunction } from "../../../commands/job-queue/engine/handler.ts";
import { Service, type ServiceOptions } from "../../../commands/job-queue/engine/service.ts";
import { MemoryTable } from "../../../commands/job-queue/store/memory_table.ts";
import { TableStore } from "../../../commands/job-queue/store/table_store.ts";
import type { StoreSettings } from "../../../commands/job-queue/store/transaction.ts";
import { START } from "./store/rig.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

const NO_CLOCK = { now: () => 0, wall: () => 0 };
export const NO_LOG = new Logger(
  "job",
  new Tracer({ clock: NO_CLOCK, filter: new Filter("error"), layers: [] }),
);

export const OPTIONS: ServiceOptions = {
  ...{ name: "local", workers: 2, lease: 30_000, grace: 1_000, log: NO_LOG },
};

/** What a service under test may be given. */
export interface Given {
  readonly options?: Partial<ServiceOptions>;
  readonly settings?: Partial<StoreSettings>;
  readonly handlers?: Readonly<Record<string, HandlerFunction>>;
  readonly token?: string;
  readonly maxBody?: number;
}

/** An answer whose body was JSON, or text where it was none. */
export interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- tests look into it
  readonly body: any;
  readonly fields: { get(name: string): string | undefined };
}

/** A service with its API, in a test's own time. */
export class ServiceRig {
  readonly service: Service;
  readonly api: Api;
  readonly store: TableStore;

  constructor(given: Given) {
    const { timers } = currentLoop();
    const clock = { now: () => timers.read(), wall: () => timers.wall() };
    this.store = new TableStore(new MemoryTable(), clock, given.settings);
    const own = Object.entries(given.handlers ?? {})
      .map(([type, run]): [string, Handler] => [type, { where: "here", run }]);
    const options = { ...OPTIONS, ...given.options };
    this.service = new Service(this.store, new Map([...BUILT_IN, ...own]), options);
    const { token, maxBody = 10_000 } = given;
    this.api = new Api(this.service, { token, maxBody, version: "0" });
  }

  /** Asks over a connection of its own. */
  *ask(
    method: string,
    target: string,
    body?: unknown,
    fields: Readonly<Record<string, string>> = {},
  ): Co<Answer> {
    const [client, server] = duplex();
    using _serving = spawn(() =>
      serveConnection(server, (request) => this.api.handle(request), { refusal: serverRefusal })
    ).abortOnDrop();
    using connection = HttpConnection.over(client);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const type: Record<string, string> = text === undefined ? {} : JSON_TYPE;
    const answer = yield* connection.request({
      ...{ method, target, body: text, fields: { ...type, ...fields } },
    });
    return { status: answer.status, fields: answer.fields, body: parsed(yield* answer.text()) };
  }

  /** Puts in one job, and answers its number. */
  *add(type: string, payload: object = {}, options: object = {}): Co<number> {
    return (yield* this.ask("POST", "/jobs", { type, ...payload, options })).body.id;
  }

  // deno-lint-ignore no-explicit-any -- tests look into it
  *job(id: number): Co<any> {
    return (yield* this.ask("GET", `/jobs/${id}`)).body;
  }
}

/** Runs a test with a service that has begun, and ends it. */
export function withService(
  given: Given,
  body: (rig: ServiceRig) => Co<void>,
): Promise<void> {
  const clock = { now: () => 0, wall: () => START };
  return runTest(function* () {
    const rig = new ServiceRig(given);
    yield* rig.service.start();
    yield* body(rig);
    yield* rig.service.drain(0);
    yield* rig.service.close();
  }, { configure: (builder) => builder.clock(clock) });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
