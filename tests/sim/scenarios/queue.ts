import {
  type Co,
  currentLoop,
  joinAll,
  random,
  sleep,
  spawn,
  TimedOut,
  timeout,
} from "wakeful/runtime";
import { RequestFailed } from "wakeful/net";
import type { DatabaseSync } from "node:sqlite";
import type { FaultKind, Host, SimDisk, World } from "wakeful/testing";
import { QueueClient, Refused } from "../../../commands/job-queue/client/queue_client.ts";
import type { Handler, JobContext } from "../../../commands/job-queue/engine/handler.ts";
import type { Command } from "../../../commands/job-queue/model/command.ts";
import { openDatabase } from "../../../commands/job-queue/store/sqlite/open.ts";
import type { JobTable } from "../../../commands/job-queue/store/table.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { KeptTable } from "../parts/kept_table.ts";
import { LoggedTable } from "../parts/logged_table.ts";
import { NotedStore, QueueLedger } from "../parts/queue_ledger.ts";
import { queueServer, queueWorker } from "../parts/queue_tools.ts";
import { drawWeather } from "../parts/weather.ts";
import type { Scenario } from "../scenario.ts";

/** What may be wrong with the queue; for planted faults. */
export interface Planted {
  readonly table?: (disk: SimDisk) => JobTable;
  /** What reaches the store in the place of a command. */
  readonly command?: (command: Command, table: JobTable) => Command;
}

const SERVER = "http://server:8080";
const LEASE = "5s";
const SERVE = ["--host", "0.0.0.0", "--port", "8080", "--workers", "2", "--lease", LEASE];
const WORKERS = ["one", "two"];
const CLIENTS = ["ann", "ben"];
const HOSTS = ["server", ...WORKERS, ...CLIENTS];
/** Of the worlds, how many have the real SQLite store. */
const SQL_SHARE = 0.3;
const ANYTHING: readonly FaultKind[] = [
  ...["partition", "one-way", "bad-link", "crash", "power", "pause", "clock-jump"] as const,
];
const CHAOS_MS = 15_000;
const JOBS_PER_CLIENT = 80;
const LONGEST_PAUSE_MS = 350;
const LONGEST_JOB_MS = 800;
const PATIENCE_MS = 3_000;
const RESTART_MS = 50;
/** By then everything is done that was accepted, retries, leases and all. */
const ALL_DONE_MS = 300_000;
const ALL_ENDED_MS = 60_000;

/** The job queue, with something planted into its store or with nothing. */
export function queueScenario(planted: Planted = {}): Scenario {
  return {
    name: "queue",
    about: "job-queue with workers elsewhere under chaos: no job lost, none completed twice",
    limit: 900_000,
    *run(world) {
      yield* new QueueWorld(world, planted).run();
    },
  };
}

export const scenario = queueScenario();

class QueueWorld {
  #world: World;
  #ledger: QueueLedger;
  #errors: string[] = [];
  #planted: Planted;
  #server: Host<number>;
  #workers: Host<number>[];
  #clients: Host<void>[];
  /** In some worlds: it outlives every process, as a file would, but knows no power cut. */
  #database: DatabaseSync | undefined;
  #over = false;

  constructor(world: World, planted: Planted) {
    const isSql = planted.table === undefined && world.random.chance(SQL_SHARE);
    this.#database = isSql ? openDatabase(":memory:", "normal") : undefined;
    this.#world = world;
    this.#ledger = new QueueLedger(() => world.now);
    this.#planted = planted;
    const onError = (line: string) => void this.#errors.push(line);
    const handlers = new Map<string, Handler>([["task", { where: "here", run: this.#handler }]]);
    this.#server = world.host("server", () => queueServer(this.#open(), handlers, SERVE, onError));
    this.#workers = WORKERS.map((name) => {
      const argv = ["--server", SERVER, "--name", name, "--workers", "2", "--lease", LEASE];
      return world.host(name, () => queueWorker(handlers, argv, onError));
    });
    this.#clients = CLIENTS.map((name) => world.host(name, () => this.#talk()));
  }

  *run(): Co<void> {
    try {
      yield* this.#live();
    } finally {
      this.#database?.close();
    }
  }

  *#live(): Co<void> {
    const world = this.#world;
    for (const host of [this.#server, ...this.#workers]) spawn(() => this.#supervise(host));
    const { kinds = ANYTHING, ...trouble } = drawWeather(world, HOSTS);
    const possible = kinds.filter((kind) => kind !== "power" || this.#database === undefined);
    yield* world.chaos({ hosts: HOSTS, until: CHAOS_MS, ...trouble, kinds: possible });
    for (const host of world.hosts) if (!host.running && host.ended === undefined) host.start();
    yield* timeout(ALL_ENDED_MS, joinAll(this.#clients.map((client) => client.join())));
    const late = world.host("late", () => this.#untilDone());
    yield* timeout(ALL_DONE_MS, late.outcome());
    yield* this.#end();
    assertEquals(this.#errors, []);
    this.#ledger.check(this.#open());
    assert(this.#ledger.runs >= this.#ledger.accepted.size);
  }

  /** The store as it is on the server's disk. */
  #open(): NotedStore {
    this.#ledger.restarted();
    const { timers } = currentLoop();
    const table = this.#table();
    const clock = { now: () => timers.read(), wall: () => timers.wall() };
    const changed = (command: Command) => this.#planted.command?.(command, table) ?? command;
    return new NotedStore(this.#ledger, changed, table, clock);
  }

  #table(): JobTable {
    const { disk } = this.#server;
    if (this.#database !== undefined) return new KeptTable(this.#database);
    return this.#planted.table?.(disk) ?? new LoggedTable(disk);
  }

  /** Takes a while, and sometimes fails. */
  readonly #handler = (payload: { ms: number; failures: number }, job: JobContext) => {
    this.#ledger.begin(job.id);
    return (function* () {
      yield* sleep(payload.ms);
      if (job.attempt <= payload.failures) throw new Error("no luck");
    })();
  };

  /** Starts again what ends by itself. */
  *#supervise(host: Host<number>): Co<void> {
    while (!this.#over) {
      const ended = yield* host.join();
      if (this.#over) return;
      assert(ended.how === "value", `${host.name} ended with an error`);
      yield* sleep(RESTART_MS);
      if (!this.#over && !host.running) host.start();
    }
  }

  /** Puts in jobs, and sometimes cancels one; whatever gets no answer was perhaps done. */
  *#talk(): Co<void> {
    using client = new QueueClient({ server: SERVER });
    const until = this.#world.now + CHAOS_MS;
    for (let i = 0; i < JOBS_PER_CLIENT && this.#world.now < until; i++) {
      yield* sleep(random().between(1, LONGEST_PAUSE_MS));
      yield* this.#trying(this.#enqueue(client));
      if (random().chance(0.1)) yield* this.#trying(this.#cancel(client));
    }
  }

  *#enqueue(client: QueueClient): Co<void> {
    const ms = random().between(0, LONGEST_JOB_MS);
    const failures = random().chance(0.2) ? random().between(1, 5) : 0;
    const { body } = yield* client.post("/jobs", { type: "task", ms, failures });
    this.#ledger.accepted.add(body.id);
  }

  *#cancel(client: QueueClient): Co<void> {
    const ids = [...this.#ledger.accepted];
    if (ids.length > 0) yield* client.delete(`/jobs/${random().pick(ids)}`);
  }

  /** What goes wrong here is what the chaos is for, but for a server that fails. */
  *#trying(attempt: Co<void>): Co<void> {
    try {
      yield* timeout(PATIENCE_MS, attempt);
    } catch (error) {
      const isTrouble = error instanceof RequestFailed || error instanceof TimedOut ||
        (error instanceof Refused && error.status !== 500);
      if (!isTrouble) throw error;
    }
  }

  *#untilDone(): Co<void> {
    using client = new QueueClient({ server: SERVER });
    for (let live = 1; live > 0;) {
      yield* sleep(1_000);
      yield* this.#trying(function* () {
        live = (yield* client.get("/status")).body.ledger.live;
      }());
    }
  }

  /** Everybody is asked to stop, and does. */
  *#end(): Co<void> {
    this.#over = true;
    for (const host of [...this.#workers, this.#server]) {
      host.signal("SIGTERM");
      assertEquals(yield* timeout(ALL_ENDED_MS, host.outcome()), 0);
    }
  }
}
