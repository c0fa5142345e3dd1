import { type Co, sleep } from "../../../runtime/mod.ts";
import { cpu } from "./cpu.ts";
import { type Fetch, type Fetched, fetchUrl, isFetchable, NoRequest } from "./fetch_url.ts";
import { Fatal, type Handler, type HandlerFunction, type Handlers } from "./handler.ts";

/** What `http` is to fetch, as somebody has put it in. */
type Wanted = { readonly [field in keyof Fetch]?: unknown };

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

function* delay({ ms = 0 }: { ms?: unknown }): Co<void> {
  if (typeof ms !== "number" || !(ms >= 0)) throw new Fatal("delay: expected a number of ms");
  yield* sleep(ms);
}

/** Fetches a URL. What the server will refuse the next time as well is not tried again. */
function* http(wanted: Wanted): Co<Fetched> {
  const { status, bytes } = yield* fetchOrRefuse(fetchOf(wanted));
  if (status < FIRST_ERROR) return { status, bytes };
  const message = `${wanted.url} answered ${status}`;
  if (status >= FIRST_SERVER_ERROR || PASSING.includes(status)) throw new Error(message);
  throw new Fatal(message);
}

function* fetchOrRefuse(what: Fetch): Co<Fetched> {
  try {
    return yield* fetchUrl(what);
  } catch (error) {
    if (error instanceof NoRequest) throw new Fatal(`http: ${error.message}`);
    throw error;
  }
}

function fetchOf({ url, method, headers, body }: Wanted): Fetch {
  const address = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (!isFetchable(address)) {
    throw new Fatal("http: expected a url that begins with http:// or https://");
  }
  if (!isText(method)) throw new Fatal('http: expected a method such as "GET"');
  if (!isHeaders(headers)) {
    throw new Fatal('http: expected headers with names and texts, such as {"Accept": "text/html"}');
  }
  if (!isText(body)) throw new Fatal("http: expected a body that is text");
  return { url: address, method, headers, body };
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function isHeaders(value: unknown): value is Fetch["headers"] {
  if (value === undefined) return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one) => typeof one === "string");
}
