import {
  type Co,
  type Logger,
  race,
  random,
  spawn,
  type SupervisorEvent,
} from "../../runtime/mod.ts";
import { EXIT_FAILURE, EXIT_OK, RuntimeFailure, UsageError } from "../cli/errors.ts";
import { interrupted } from "../cli/interrupt.ts";
import { quote } from "../cli/quote.ts";
import type { Surroundings } from "../cli/tool.ts";
import { QueueClient, Refused } from "./client/queue_client.ts";
import { refusalText } from "./client/refusal_text.ts";
import { RemoteBackend } from "./client/remote_backend.ts";
import type { QueueOptions } from "./command.ts";
import type { Handlers } from "./engine/handler.ts";
import { workerNews } from "./engine/worker_event.ts";
import { WorkerPool } from "./engine/worker_pool.ts";
import { A_NAME, isName } from "./model/names.ts";
import { loadHandlers } from "./parts.ts";
import { tellStrayErrors } from "./stray_errors.ts";

/** A cancel is seen so soon. */
const ASK_EVERY_MS = 2_000;
const NAMES = 2 ** 32;
const HEX = 16;

/** `job-queue work`: works on the jobs of a server elsewhere, until a signal ends it. */
export function* work(options: QueueOptions, around: Surroundings): Co<number> {
  const handlers = yield* loadHandlers(options, around.terminal, around.log);
  return yield* workWith(handlers, options, around);
}

/** Works with handlers that are there already. */
export function* workWith(
  handlers: Handlers,
  options: QueueOptions,
  { terminal, log }: Surroundings,
): Co<number> {
  const { workers, lease, cancelGrace: grace, name = drawnName() } = options;
  if (!isName(name)) throw new UsageError(`--name ${quote(name)}: expected ${A_NAME}`);
  const connections = workers + 2; // the dispatcher's and the heart's
  using client = new QueueClient({ ...options, connections });
  const types = [...handlers.keys()];
  const backend = new RemoteBackend(client, { worker: name, types, lease }, log);
  const pool = new WorkerPool(backend, handlers, {
    ...{ workers, lease, grace, askEvery: ASK_EVERY_MS, log: log.for("job") },
    onEvent: (event) => tellOf(event, log),
  });
  using _strays = tellStrayErrors({ terminal, log });
  const signalled = interrupted(terminal);
  yield* greet(client);
  const working = spawn(() => pool.run(), { name: "workers" });
  using _ended = working.abortOnDrop();
  terminal.out(`working for ${options.server} as ${name}`);
  const why = yield* race<string | void>(signalled, working);
  if (typeof why !== "string") {
    log.error(pool.gaveUp ?? "the workers have ended");
    return EXIT_FAILURE;
  }
  log.info(`${why}: draining; once more to end at once`);
  yield* pool.drain(options.drainTimeout);
  return EXIT_OK;
}

/** What the pool ends of is told by whoever waits for it. */
function tellOf(event: SupervisorEvent, log: Logger): void {
  const { event: message, ...fields } = workerNews(event) ?? {};
  if (message !== undefined && message !== "WorkersGaveUp") log.warn(message, fields);
}

/** Two workers of one name would be one to whoever looks. */
function drawnName(): string {
  return `worker-${random().below(NAMES).toString(HEX)}`;
}

/** A wrong address or token is told at once; a server that is away or busy is waited for. */
function* greet(client: QueueClient): Co<void> {
  try {
    yield* client.get("/status");
  } catch (error) {
    if (!(error instanceof Refused) || error.isBusy) return;
    throw new RuntimeFailure(refusalText(error), { cause: error });
  }
}
