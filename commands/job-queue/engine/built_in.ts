import { type Co, sleep } from "../../../runtime/mod.ts";
import { cpu } from "./cpu.ts";
import { type Fetch, type Fetched, fetchUrl, isFetchable } from "./fetch_url.ts";
import { Fatal, type Handler, type HandlerFunction, type Handlers } from "./handler.ts";

/** What `http` fetches. */
type Request = Omit<Fetch, "url"> & { readonly url?: unknown };

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
function* http(request: Request): Co<Fetched> {
  const url = urlOf(request.url);
  const fetched = yield* fetchUrl({ ...request, url });
  const { status } = fetched;
  if (status < FIRST_ERROR) return fetched;
  const message = `${url.href} answered ${status}`;
  if (status >= FIRST_SERVER_ERROR || PASSING.includes(status)) throw new Error(message);
  throw new Fatal(message);
}

function urlOf(text: unknown): URL {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  if (isFetchable(url)) return url;
  throw new Fatal("http: expected a url that begins with http:// or https://");
}
