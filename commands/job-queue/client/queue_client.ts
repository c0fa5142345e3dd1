import type { Co } from "../../../runtime/mod.ts";
import { HttpPool, type HttpResponse } from "../../../net/mod.ts";
import { UsageError } from "../../cli/errors.ts";
import { quote } from "../../cli/quote.ts";

/** A server has refused: its status, its word and its sentence. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }

  /** Whether it has nothing against what was asked, only cannot do it now. */
  get isBusy(): boolean {
    return this.status >= FIRST_SERVER_ERROR || PASSING.has(this.status);
  }
}

/** What a server has answered. */
export interface Answered {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- the server's JSON; whoever asked knows its form
  readonly body: any;
}

export interface ClientOptions {
  readonly server: string;
  readonly token?: string;
  /** How many connections it may have. */
  readonly connections?: number;
}

const DEFAULT_HTTP_PORT = 80;
const FIRST_REFUSAL = 400;
/** It had enough of others, or what was asked did not come through in time. */
const PASSING: ReadonlySet<number> = new Set([408, 429]);
const FIRST_SERVER_ERROR = 500;
/** A refusal that is none of a queue's: something else is there, or a proxy before it. */
export const NO_QUEUE = "no-queue";
const CONNECT_TIMEOUT_MS = 5_000;
/** Longer than any answer is waited for on purpose; a server that lost its power never says so. */
const ANSWER_TIMEOUT_MS = 30_000;

/** Talks to a server of the queue. */
export class QueueClient implements Disposable {
  #pool: HttpPool;
  /** For answers that have no end. */
  #streams: HttpPool;
  #fields: Record<string, string>;

  /** @throws {UsageError} when the server is no address of one */
  constructor({ server, token, connections = 1 }: ClientOptions) {
    const { hostname, port } = addressOf(server);
    const host = hostname.replace(/^\[|\]$/g, "");
    const endpoint = { host, port: Number(port || DEFAULT_HTTP_PORT) };
    const settings = { max: connections, connectTimeout: CONNECT_TIMEOUT_MS };
    this.#pool = new HttpPool(endpoint, { ...settings, timeout: ANSWER_TIMEOUT_MS });
    this.#streams = new HttpPool(endpoint, settings);
    this.#fields = {
      "Content-Type": "application/json",
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    };
  }

  /**
   * @throws {Refused} when the server says no
   * @throws {RequestFailed} when it says nothing
   */
  get(target: string): Co<Answered> {
    return this.#ask({ target });
  }

  post(target: string, body: unknown = {}): Co<Answered> {
    return this.#ask({ method: "POST", target, body: JSON.stringify(body) });
  }

  delete(target: string): Co<Answered> {
    return this.#ask({ method: "DELETE", target });
  }

  /** Lets `use` read an answer that has no end of its own. */
  stream<T>(target: string, use: (response: HttpResponse) => Co<T>): Co<T> {
    return this.#streams.request({ target, fields: this.#fields }, function* (response) {
      if (response.status >= FIRST_REFUSAL) throw refusalOf(yield* answered(response));
      return yield* use(response);
    });
  }

  [Symbol.dispose](): void {
    this.#pool.close();
    this.#streams.close();
  }

  *#ask(request: { method?: string; target: string; body?: string }): Co<Answered> {
    const answer = yield* this.#pool.request({ ...request, fields: this.#fields }, answered);
    if (answer.status >= FIRST_REFUSAL) throw refusalOf(answer);
    return answer;
  }
}

function* answered(response: HttpResponse): Co<Answered> {
  const { status } = response;
  const text = yield* response.text();
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    throw new Refused(status, NO_QUEUE, `what answers there is no job queue (status ${status})`);
  }
}

function refusalOf({ status, body }: Answered): Refused {
  return new Refused(status, String(body?.error), String(body?.message ?? `status ${status}`));
}

function addressOf(server: string): URL {
  const text = server.includes("://") ? server : `http://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" && url.href === `${url.origin}/`) return url;
  throw new UsageError(
    `--server ${quote(server)}: expected an address such as http://127.0.0.1:8080`,
  );
}
