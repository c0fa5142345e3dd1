/** A load on a simulated server, whose links take no time: whatever takes time is the server's. */

import {
  type HttpHandler,
  serve,
  type ServeOptions,
  TcpListener,
  type TcpStream,
} from "wakeful/net";
import {
  CancellationToken,
  type Co,
  IoError,
  now,
  scope,
  sleep,
  sleepUntil,
  spawn,
  type Spawnable,
} from "wakeful/runtime";
import { simulate } from "wakeful/testing";
import { Fleet } from "../../../commands/load-tester/load/fleet.ts";
import type { PassResult, PassSpec } from "../../../commands/load-tester/load/pass.ts";
import { clientOptions, type Setup } from "../../../commands/load-tester/load/setup.ts";
import type { RequestShape } from "../../../commands/load-tester/target/target.ts";

const PORT = 80;
const LIMIT_MS = 600_000;

export const CLOSED: PassSpec = {
  ...{ count: Infinity, stretches: [], duration: Infinity, ramp: 0, bySteps: false },
};

/** Requests at an even rate, without end. */
export function atRate(rate: number): PassSpec {
  return { ...CLOSED, stretches: [{ from: rate, to: rate, duration: Infinity }] };
}

export const GET: RequestShape = { method: "GET", headers: [], body: undefined, close: false };

export const SETUP: Setup = {
  urls: ["http://server/"],
  shape: GET,
  redirects: 0,
  overrides: [],
  files: {},
  timeout: 20_000,
  connectTimeout: 5_000,
  insecure: false,
};

/** One request that ended, as an observer is told. */
export interface Seen {
  readonly ticket: number;
  readonly due: number;
  readonly begun: number;
  readonly firstByte: number;
  readonly done: number;
  readonly status: number;
  readonly bytes: number;
  readonly failure: string | undefined;
}

/** What a load consists of. */
export interface Given {
  readonly clients?: number;
  readonly setup?: Partial<Setup>;
  /** The runs, one after the other. */
  readonly passes: readonly PassSpec[];
  /** When it is told to stop. */
  readonly stopAt?: number;
  readonly seed?: number;
}

/** What came of the last run, and of each of its requests. */
export interface Loaded extends PassResult {
  readonly seen: readonly Seen[];
}

/** Puts load on a server that runs such a program. */
export async function loadOn(server: () => Spawnable<void>, given: Given): Promise<Loaded> {
  const { clients = 1, setup, passes, stopAt, seed = 1 } = given;
  const { value } = await simulate({ seed, limit: LIMIT_MS }, function* (world) {
    world.host("server", server);
    const client = world.host("client", function* (): Co<Loaded> {
      yield* sleep(1_000); // the server listens by then
      using fleet = new Fleet(clientOptions({ ...SETUP, ...setup }), clients);
      const stop = new CancellationToken();
      using _stopping = stopAt === undefined ? undefined : spawn(function* () {
        yield* sleep(stopAt);
        stop.cancel("enough");
      }).abortOnDrop();
      let loaded: Loaded | undefined;
      for (const spec of passes) {
        const seen: Seen[] = [];
        const result = yield* fleet.run(spec, stop, (attempt, failure) => {
          const { ticket, due, begun, firstByte, done, status, bytes } = attempt;
          seen.push({ ticket, due, begun, firstByte, done, status, bytes, failure });
        });
        loaded = { ...result, seen: seen.map((one) => since(result.meter.start, one)) };
      }
      return loaded!;
    });
    world.link("client", "server", { latency: 0, fragmentation: 0 });
    return yield* client.outcome();
  });
  return value;
}

/** Its times from the run's start on. */
function since(start: number, { due, begun, firstByte, done, ...rest }: Seen): Seen {
  const at = (moment: number) => moment === 0 ? 0 : moment - start;
  return { ...rest, due: at(due), begun: at(begun), firstByte: at(firstByte), done: at(done) };
}

/** A server of ours. */
export function serving(handler: HttpHandler, options: ServeOptions = {}): () => Co<void> {
  return function* () {
    using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: PORT });
    yield* serve(listener, handler, options);
  };
}

/** A server that answers everything after so many milliseconds, to about a microsecond. */
export function answeringAfter(ms: number): () => Co<void> {
  return serving(function* () {
    yield* sleepUntil(Math.floor(now()) + ms); // what was sent at 0 comes at 0.001
    return { body: "hello" };
  });
}

/** A server that does the same to each connection, and closes it. */
export function treating(treat: (stream: TcpStream) => Co<void>): () => Co<void> {
  return function* () {
    using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: PORT });
    yield* scope(function* (s) {
      for (;;) {
        const accepted = yield* listener.accept();
        s.spawn(function* () {
          using stream = accepted;
          try {
            yield* treat(stream);
          } catch (error) {
            if (!(error instanceof IoError)) throw error;
          }
        });
      }
    });
  };
}

/** The book of a run, without its zeros. */
export function book({ meter }: PassResult) {
  const { planned, sent, notSent, ok, badStatus, unfinished, failures } = meter.total().ledger;
  const counts = { planned, sent, notSent, ok, badStatus, unfinished, ...failures };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
