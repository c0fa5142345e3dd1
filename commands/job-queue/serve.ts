import config from "../../deno.json" with { type: "json" };
import { type Co, type Logger, race, showAddress, Shutdown } from "../../runtime/mod.ts";
import { type Listener, serve as serveHttp, type Stream } from "../../net/mod.ts";
import { EXIT_OK } from "../cli/errors.ts";
import { interrupted } from "../cli/interrupt.ts";
import { listen } from "../cli/listen.ts";
import type { Terminal } from "../cli/terminal.ts";
import type { Surroundings } from "../cli/tool.ts";
import { serverRefusal } from "./api/answers.ts";
import { Api } from "./api/api.ts";
import { pageRoute } from "./api/page_route.ts";
import type { Route } from "./api/route.ts";
import { DEFAULT_DB, type QueueOptions } from "./command.ts";
import type { Handlers } from "./engine/handler.ts";
import { Service } from "./engine/service.ts";
import { loadHandlers, openStore, serviceOptions } from "./parts.ts";
import type { Store } from "./store/store.ts";
import { tellStrayErrors } from "./stray_errors.ts";
import { watchOver } from "./watch_over.ts";

/** After the jobs have ended, how long the last answers may take. */
const LAST_ANSWERS_MS = 1_000;

/** `job-queue serve`: answers over HTTP and works, until a signal ends it. */
export function* serve(options: QueueOptions, around: Surroundings): Co<number> {
  const handlers = yield* loadHandlers(options, around.terminal, around.log);
  const store = openStore({ ...options, db: options.db ?? DEFAULT_DB });
  return yield* serveFrom(store, handlers, options, around);
}

/** Serves a store that is open, and closes it at the end. */
export function* serveFrom(
  store: Store,
  handlers: Handlers,
  options: QueueOptions,
  { terminal, log }: Surroundings,
): Co<number> {
  using _strays = tellStrayErrors({ terminal, log });
  const service = new Service(store, handlers, serviceOptions(options, log));
  try {
    using listener = yield* listen(options);
    const signalled = interrupted(terminal); // before anybody can know that there is a server
    yield* service.start();
    using _watching = watchOver(service, options, { terminal, log });
    const shutdown = new Shutdown({ grace: LAST_ANSWERS_MS });
    const api = new Api(service, { ...options, version: config.version }, [pageFrom(terminal)]);
    shutdown.spawn(answering(api, listener, options, shutdown, log), { name: "http" });
    terminal.out(`listening on ${showAddress(listener.localAddr)}`);
    const why = yield* race<string>(signalled, shutdown.stopping.cancelled());
    log.info(`${why}: draining; once more to end at once`);
    yield* service.drain(options.drainTimeout);
    shutdown.request(why);
    yield* shutdown.finish();
  } finally {
    yield* service.close();
  }
  return EXIT_OK;
}

/** Read when somebody wants it: a server that nobody looks at needs no leave to read. */
function pageFrom(terminal: Terminal): Route {
  const file = new URL("./page/index.html", import.meta.url);
  let page: Uint8Array | undefined;
  return pageRoute(() => page ??= terminal.read(file));
}

function answering(
  api: Api,
  listener: Listener<Stream>,
  { maxBody, maxConnections }: QueueOptions,
  { stopping }: Shutdown,
  log: Logger,
): Co<void> {
  return serveHttp(listener, (request) => api.handle(request), {
    stopping,
    maxConnections,
    limits: { bodyBytes: maxBody },
    refusal: serverRefusal,
    onError: (error, { method, path }) => {
      log.error("a request failed", { method, path, error: asError(error) });
    },
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
