import { type Co, fromPromise } from "../../../runtime/mod.ts";
import { HttpConnection } from "../../../net/mod.ts";

/** What is to be fetched. */
export interface Fetch {
  readonly url: URL;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came. */
export interface Fetched {
  readonly status: number;
  readonly bytes: number;
}

const DEFAULT_HTTP_PORT = 80;
const MOST_BODY_BYTES = 16 * 1024 * 1024;

/** Whether it can be fetched: `http:` and `https:` can. */
export function isFetchable(url: URL | undefined): url is URL {
  return url?.protocol === "http:" || url?.protocol === "https:";
}

/** Fetches a URL, without following where it leads; over TLS by the platform's own means. */
export function* fetchUrl(what: Fetch): Co<Fetched> {
  if (what.url.protocol === "http:") return yield* overTcp(what);
  return yield* fromPromise((signal) => overPlatform(what, signal));
}

function* overTcp({ url, method, headers = {}, body }: Fetch): Co<Fetched> {
  const port = Number(url.port || DEFAULT_HTTP_PORT);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  using connection = yield* HttpConnection.connect({ host, port });
  const target = url.pathname + url.search;
  const response = yield* connection.request({ method, target, fields: headers, body });
  const { length } = yield* response.body.bytes(MOST_BODY_BYTES);
  return { status: response.status, bytes: length };
}

async function overPlatform(what: Fetch, signal: AbortSignal): Promise<Fetched> {
  const { url, method, headers, body } = what;
  const response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
  const { byteLength } = await response.arrayBuffer();
  return { status: response.status, bytes: byteLength };
}
