import { type Co, now, sleep } from "../../runtime/mod.ts";
import { EXIT_FAILURE, EXIT_OK, RuntimeFailure, UsageError } from "../cli/errors.ts";
import { quote } from "../cli/quote.ts";
import type { Surroundings } from "../cli/tool.ts";
import { countOf } from "./api/views.ts";
import { IN_MEMORY, type QueueOptions } from "./command.ts";
import { Service } from "./engine/service.ts";
import { jobSpec } from "./model/spec.ts";
import { loadHandlers, openStore, serviceOptions } from "./parts.ts";
import { type Run, runLines } from "./run_wording.ts";
import { tellStrayErrors } from "./stray_errors.ts";

const DEFAULT_TYPE = "delay";
const DEFAULT_PAYLOAD = '{"ms":10}';
const BATCH = 1_000;
const LOOK_EVERY_MS = 2;
const MS_PER_SECOND = 1_000;

/** `job-queue run`: the whole pipeline in this process, without a server, and how it went. */
export function* run(options: QueueOptions, { terminal, log }: Surroundings): Co<number> {
  const { type = DEFAULT_TYPE, workers } = options;
  const handlers = yield* loadHandlers(options, terminal, log);
  if (!handlers.has(type)) {
    throw new UsageError(
      `--type ${quote(type)}: expected one of ${[...handlers.keys()].join(", ")}`,
    );
  }
  if (workers === 0) throw new UsageError("--workers 0: expected at least one to do the jobs");
  const { db = IN_MEMORY } = options;
  const store = openStore({ ...options, db, maxPending: Infinity });
  using _strays = tellStrayErrors({ terminal, log });
  const service = new Service(store, handlers, serviceOptions(options, log));
  try {
    yield* refuseOthers(service, db);
    yield* service.start();
    const done = yield* finish(service, options, payloadOf(options));
    if (options.json) terminal.out(JSON.stringify(done));
    else runLines(done).forEach((line) => terminal.out(line));
    if (service.pool.gaveUp !== undefined) throw new RuntimeFailure(service.pool.gaveUp);
    return done.dead === 0 ? EXIT_OK : EXIT_FAILURE;
  } finally {
    yield* service.close();
  }
}

function payloadOf({ type, payload }: QueueOptions): string {
  const text = payload ?? (type === undefined ? DEFAULT_PAYLOAD : "{}");
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new UsageError(`--payload ${quote(text)}: expected JSON`);
  }
}

/** Jobs that are there already would be worked on as well, and counted. */
function* refuseOthers(service: Service, db: string): Co<void> {
  const { live } = yield* countsOf(service);
  if (live === 0) return;
  throw new RuntimeFailure(
    `--db ${db}: it has ${live} jobs that are not over; "job-queue serve" works on them, or choose another file`,
  );
}

/** Puts the jobs in, waits until all are over, and counts. */
function* finish(service: Service, options: QueueOptions, payload: string): Co<Run> {
  const { type = DEFAULT_TYPE, jobs, workers } = options;
  const spec = jobSpec(type, { payload });
  const begun = now();
  let deepest = 0;
  for (let left = jobs; left > 0; left -= BATCH) {
    yield* service.enqueue(new Array(Math.min(left, BATCH)).fill(spec));
    deepest = Math.max(deepest, (yield* countsOf(service)).pending);
  }
  while ((yield* countsOf(service)).live > 0 && service.pool.gaveUp === undefined) {
    yield* sleep(LOOK_EVERY_MS);
  }
  const elapsed = now() - begun;
  const { count: completed, sum: took } = service.meter.took;
  return {
    jobs,
    completed,
    dead: jobs - completed,
    seconds: elapsed / MS_PER_SECOND,
    jobsPerSecond: jobs / (elapsed / MS_PER_SECOND),
    averageLatencyMs: completed === 0 ? 0 : took / completed,
    deepestQueue: deepest,
    workers,
    utilisation: Math.min(1, service.pool.busyTime / (elapsed * workers)),
  };
}

function* countsOf({ keeper }: Service): Co<{ live: number; pending: number }> {
  const view = yield* keeper.view();
  const pending = countOf(view, "pending");
  return { live: countOf(view, "scheduled") + pending + countOf(view, "running"), pending };
}
