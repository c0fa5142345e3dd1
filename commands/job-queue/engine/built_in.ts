import { type Co, fromPromise, sleep } from "../../../runtime/mod.ts";
import { HttpConnection } from "../../../net/mod.ts";
import { cpu } from "./cpu.ts";
import {
  Fatal,
  type Handler,
  type HandlerFunction,
  type Handlers,
  type JobContext,
} from "./handler.ts";

/** What `http` fetches. */
interface Fetched {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const DEFAULT_HTTP_PORT = 80;
const MOST_BODY_BYTES = 16 * 1024 * 1024;
const FIRST_ERROR = 400;
const FIRST_SERVER_ERROR = 500;
/** Of answers with an error, those that may be better the next time. */
const PASSING = [408, 425, 429];

/** The types that every queue knows. */
export const BUILT_IN: Handlers = new Map<string, Handler>([
  ["noop", here(() => undefined)],
  ["delay", here(delay)],
  ["http", here(http)],
  // Imported, so that an executable has it for its threads.
  ["cpu", { where: "pool", module: new URL("./cpu.ts", import.meta.url).href, name: cpu.name }],
]);

function here(run: HandlerFunction): Handler {
  return { where: "here", run };
}

function* delay({ ms = 0 }: { ms?: number }): Co<void> {
  if (typeof ms !== "number" || !(ms >= 0)) throw new Fatal("delay: expected a number of ms");
  yield* sleep(ms);
}

/** Fetches a URL. What the server will refuse the next time as well is not tried again. */
function* http(request: Fetched, job: JobContext): Co<{ status: number; bytes: number }> {
  const url = urlOf(request.url);
  const answered = url.protocol === "http:"
    ? yield* overTcp(url, request)
    : yield* fromPromise(overPlatform(url, request, job.signal));
  const { status } = answered;
  if (status < FIRST_ERROR) return answered;
  const message = `${url.href} answered ${status}`;
  if (status >= FIRST_SERVER_ERROR || PASSING.includes(status)) throw new Error(message);
  throw new Fatal(message);
}

function urlOf(text: unknown): URL {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new Fatal("http: expected a url that begins with http:// or https://");
}

function* overTcp(url: URL, { method, headers = {}, body }: Fetched) {
  const port = Number(url.port || DEFAULT_HTTP_PORT);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  using connection = yield* HttpConnection.connect({ host, port });
  const target = url.pathname + url.search;
  const response = yield* connection.request({ method, target, fields: headers, body });
  const { length } = yield* response.body.bytes(MOST_BODY_BYTES);
  return { status: response.status, bytes: length };
}

/** TLS is the platform's. */
async function overPlatform(url: URL, request: Fetched, signal: AbortSignal) {
  const { method, headers, body } = request;
  const response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
  const { byteLength } = await response.arrayBuffer();
  return { status: response.status, bytes: byteLength };
}
