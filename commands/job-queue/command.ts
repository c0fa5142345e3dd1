import { command } from "../cli/command.ts";
import { flag, type Options } from "../cli/flag.ts";
import { bool, choice, count, duration, size, text } from "../cli/kind.ts";
import { DEFAULT_PORT, LISTENING_CONFLICTS, LISTENING_FLAGS } from "../cli/listening_flags.ts";
import { LOG_NOTE, SHARED_FLAGS } from "../cli/shared_flags.ts";
import { SHORTEST_LEASE_MS } from "./model/caps.ts";
import { STATES } from "./model/job.ts";
import { DEFAULT_QUEUE } from "./model/spec.ts";
import { STORE_DEFAULTS } from "./store/table_store.ts";

/** Where the jobs of a server are unless it is said. */
export const DEFAULT_DB = "queue.db";
/** Where a queue is that no file holds. */
export const IN_MEMORY = ":memory:";

const SERVER = `http://127.0.0.1:${DEFAULT_PORT}`;
const MAX_BODY = 16 * 1024 * 1024;

const ID = { placeholder: "ID", max: 1 };
const CLIENT = ["server", "token", "json", "driver", "logLevel", "logFormat"] as const;
const POOL = [
  ...["workers", "handlers", "lease", "cancelGrace", "drainTimeout", "name"],
  ...["driver", "logLevel", "logFormat"],
] as const;
const STORE = ["db", "synchronous", "maxPending", "keep", "keepDead", "keepMax"] as const;

/** Everything that can be said to the job queue on its command line. */
export const JOB_QUEUE = command({
  name: "job-queue",
  purpose: "runs jobs at least once, and remembers them over a crash",
  actions: {
    serve: {
      about: "start the server, with workers in it",
      flags: [
        ...["host", "port", "unix", "token", "maxBody", "maxConnections"] as const,
        ...["log", "alertUrl", "dashboard"] as const,
        ...STORE,
        ...POOL,
      ],
    },
    run: {
      about: "put in jobs, work on them in this process alone, and say how it went",
      flags: ["jobs", "type", "payload", "json", "db", "synchronous", ...POOL],
    },
    enqueue: {
      about: "put in a job",
      args: { placeholder: "ARGUMENT", usage: "TYPE [PAYLOAD]", max: 2 },
      flags: [
        ...["queue", "key", "priority", "delay", "runAt", "expires"] as const,
        ...["maxRetries", "timeout", "uniqueKey"] as const,
        ...CLIENT,
      ],
    },
    status: { about: "say how many jobs are where", flags: [...CLIENT] },
    list: {
      about: "list jobs, the youngest first, or tell everything about one",
      args: ID,
      flags: ["state", "type", "queue", "limit", "after", ...CLIENT],
    },
    retry: {
      about: "let a dead or cancelled job begin anew, or all dead ones",
      args: { ...ID, usage: "ID|dead" },
      flags: ["type", "queue", ...CLIENT],
    },
    cancel: {
      about: "end a job, or all that are not over",
      args: { ...ID, usage: "ID|all" },
      flags: ["type", "queue", ...CLIENT],
    },
    watch: {
      about: "show numbers and pictures on a terminal; into a pipe, tell what happens as it does",
      flags: [...CLIENT],
    },
    work: { about: "work on a server's jobs", flags: ["server", "token", ...POOL] },
  },
  flags: {
    ...LISTENING_FLAGS,
    maxBody: flag(size({ min: 1 }), {
      default: MAX_BODY,
      group: "Listening",
      about: "how large the body of a request may be",
    }),
    maxConnections: flag(count({ min: 1 }), {
      default: 10_000,
      group: "Listening",
      about: "how many clients at once; more wait in the system's backlog",
    }),
    token: flag(text("TOKEN"), {
      group: "Access",
      about: "what clients have to name, as a bearer or a browser's password; better given as " +
        "WAKEFUL_JOB_QUEUE_TOKEN, which no list of processes shows",
    }),
    server: flag(text("URL"), {
      default: SERVER,
      letter: "s",
      group: "Access",
      about: "the server to talk to",
    }),
    db: flag(text("FILE"), {
      group: "Store",
      about:
        `where the jobs are; unless given, ${DEFAULT_DB} for serve, and ${IN_MEMORY} for run, ` +
        "which is nowhere",
    }),
    synchronous: flag(choice("full", "normal"), {
      default: "full",
      group: "Store",
      about: "full: what was answered outlives a power cut; normal: it outlives the process",
    }),
    maxPending: flag(count({ min: 1 }), {
      default: STORE_DEFAULTS.maxPending,
      group: "Store",
      about: "how many jobs may wait in a queue; a full one answers 503",
    }),
    keep: flag(duration(), {
      default: STORE_DEFAULTS.keep,
      group: "Store",
      about: "how long completed and cancelled jobs can be looked at",
    }),
    keepDead: flag(duration(), {
      default: STORE_DEFAULTS.keepDead,
      group: "Store",
      about: "how long dead jobs can be looked at and retried",
    }),
    keepMax: flag(count({ min: 1 }), {
      default: STORE_DEFAULTS.keepMax,
      group: "Store",
      about: "how many completed ones are kept at most, and how many cancelled ones",
    }),
    workers: flag(count({ min: 0, max: 10_000 }), {
      default: 4,
      letter: "w",
      group: "Workers",
      about: "how many jobs are worked on at once; 0 leaves all to workers elsewhere",
    }),
    handlers: flag(text("FILE"), {
      group: "Workers",
      about: "a module that exports a function for each type of job",
    }),
    name: flag(text("NAME"), {
      group: "Workers",
      about: "what this process claims as; unless given, local for a server, which takes back " +
        "what it held when it begins anew, and a name drawn by chance for work",
    }),
    lease: flag(duration({ min: SHORTEST_LEASE_MS }), {
      default: 30_000,
      group: "Workers",
      about: "a worker that is silent for so long has lost its job",
    }),
    cancelGrace: flag(duration(), {
      default: 1_000,
      group: "Workers",
      about: "how long a handler may take to end when it is told to; then it is ended",
    }),
    drainTimeout: flag(duration(), {
      default: 10_000,
      group: "Workers",
      about: "how long jobs may go on after SIGINT or SIGTERM; the rest is given back",
    }),
    log: flag(text("FILE"), {
      group: "Watching",
      about: "write everything that happens to this file as JSON lines",
    }),
    alertUrl: flag(text("URL"), {
      group: "Watching",
      about: "post to this address when jobs fail for good or workers crash",
    }),
    dashboard: flag(bool(), {
      default: false,
      group: "Watching",
      about: "show numbers and pictures on this terminal",
    }),
    jobs: flag(count({ min: 1, max: 10_000_000 }), {
      default: 100,
      letter: "n",
      group: "Jobs",
      about: "how many to put in",
    }),
    type: flag(text("TYPE"), { group: "Jobs", about: "of which type" }),
    payload: flag(text("JSON"), { group: "Jobs", about: "what they carry" }),
    queue: flag(text("QUEUE"), {
      group: "Jobs",
      about: `in which queue; ${DEFAULT_QUEUE} at first`,
    }),
    key: flag(text("KEY"), { group: "Jobs", about: "whose it is, for fair shares and limits" }),
    priority: flag(count({ min: -100, max: 100 }), {
      group: "Jobs",
      about: "the higher, the sooner; a step is worth a minute of waiting",
    }),
    delay: flag(duration(), { group: "Jobs", about: "how long it is not to start" }),
    runAt: flag(text("DATE"), {
      group: "Jobs",
      about: "when it is to start, such as 2030-01-31T08:00:00Z",
    }),
    expires: flag(duration(), {
      group: "Jobs",
      about: "it is cancelled unless it starts within that from when it could",
    }),
    maxRetries: flag(count({ max: 1_000 }), { group: "Jobs", about: "how often to try again; 3" }),
    timeout: flag(duration(), { group: "Jobs", about: "how long an attempt may take" }),
    uniqueKey: flag(text("KEY"), {
      group: "Jobs",
      about: "no two jobs with the same are alive at once",
    }),
    state: flag(choice(...STATES), { group: "Jobs", about: "in which state" }),
    limit: flag(count({ min: 1, max: 1_000 }), {
      default: 20,
      group: "Jobs",
      about: "how many to list",
    }),
    after: flag(count({ min: 1 }), {
      group: "Jobs",
      about: "list those that come after the job with this ID: the next page",
    }),
    json: flag(bool(), { default: false, group: "Running", about: "print JSON" }),
    ...SHARED_FLAGS,
  },
  conflicts: LISTENING_CONFLICTS,
  examples: [
    { line: "$0 serve --db queue.db --handlers ./handlers.ts" },
    { line: `$0 enqueue http '{"url":"http://127.0.0.1:9000/"}' --delay 10s` },
    { line: "$0 run --jobs 100 --workers 4", about: "the whole of it in one process" },
    { line: "$0 work --server http://10.0.0.5:8080 --handlers ./handlers.ts" },
  ],
  notes: [
    "Types that need no handlers: noop, delay ({ms}), cpu ({iterations}), http ({url, method, headers, body}).",
    LOG_NOTE,
  ],
});

export type QueueOptions = Options<typeof JOB_QUEUE.flags>;
