import { type Co, fromPromise } from "../../../runtime/mod.ts";
import { encodeRequest, HttpConnection } from "../../../net/mod.ts";
import { messageOf } from "./error_text.ts";

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

/** What was to be fetched is no request, of which a method or a header may be the cause. */
export class NoRequest extends Error {
  override readonly name = "NoRequest";
}

const DEFAULT_HTTP_PORT = 80;
const MOST_BODY_BYTES = 16 * 1024 * 1024;

/** Whether it can be fetched: `http:` and `https:` can. */
export function isFetchable(url: URL | undefined): url is URL {
  return url?.protocol === "http:" || url?.protocol === "https:";
}

/**
 * Fetches a URL, without following where it leads; over TLS by the platform's own means.
 *
 * @throws {NoRequest} when it cannot be asked for at all
 */
export function* fetchUrl(what: Fetch): Co<Fetched> {
  if (what.url.protocol === "http:") return yield* overTcp(what);
  const { url, method, headers, body } = what;
  const request = requestOf(() => new Request(url, { method, headers, body, redirect: "manual" }));
  return yield* fromPromise((signal) => overPlatform(request, signal));
}

function* overTcp({ url, method, headers = {}, body }: Fetch): Co<Fetched> {
  const port = Number(url.port || DEFAULT_HTTP_PORT);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const target = url.pathname + url.search;
  const request = requestOf(() =>
    encodeRequest({ method, target, fields: headers, body }, url.host)
  );
  using connection = yield* HttpConnection.connect({ host, port });
  const response = yield* connection.request(request);
  const { length } = yield* response.body.bytes(MOST_BODY_BYTES);
  return { status: response.status, bytes: length };
}

async function overPlatform(request: Request, signal: AbortSignal): Promise<Fetched> {
  const response = await fetch(request, { signal });
  const { byteLength } = await response.arrayBuffer();
  return { status: response.status, bytes: byteLength };
}

function requestOf<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new NoRequest(messageOf(error), { cause: error });
  }
}
