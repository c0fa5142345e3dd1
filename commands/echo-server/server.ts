import {
  type Co,
  type Ended,
  type JoinHandle,
  type Logger,
  Notify,
  now,
  type Permit,
  Semaphore,
  showAddress,
  sleep,
  spawn,
  TimedOut,
  timeout,
} from "../../runtime/mod.ts";
import type { Listener, Stream } from "../../net/mod.ts";
import { acceptLoop } from "../cli/accept_loop.ts";
import { formatDuration } from "../cli/units.ts";
import { echo, type Ending, type Patience } from "./echo.ts";
import { StatusBoard } from "./status.ts";
import { Traffic, TrafficReport } from "./traffic.ts";

/** What the server may be told besides where to listen; durations in milliseconds. */
export interface ServerOptions extends Patience {
  readonly maxConnections: number;
  readonly overflow: "wait" | "refuse";
  readonly drainTimeout: number;
  readonly statusInterval: number;
  readonly stats: boolean;
}

const STATS_INTERVAL_MS = 1_000;
const MS_PER_SECOND = 1_000;
const WARNING_INTERVAL_MS = 1_000;

/** One client and what it holds of the server. */
interface Client {
  readonly stream: Stream;
  readonly permit: Permit;
  task?: JoinHandle<Ending>;
}

/** The clients of one listener: a task each, and a permit for each task. */
export class EchoServer {
  readonly traffic = new Traffic();
  #options: ServerOptions;
  #log: Logger;
  #permits: Semaphore;
  #clients = new Set<Client>();
  #lastGone = new Notify();
  #board: StatusBoard | undefined;
  #warnedAt = -Infinity;

  constructor(options: ServerOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.#permits = new Semaphore(options.maxConnections);
    if (options.statusInterval > 0) {
      this.#board = new StatusBoard(() => this.traffic.connections);
    }
  }

  /**
   * Accepts and serves clients for ever. Dropped, it accepts no more, and those it has live on.
   */
  *serve(listener: Listener<Stream>): Co<never> {
    using _reports = this.#startReports();
    const admit = this.#options.overflow === "wait" ? this.#admitWaiting : this.#admitOrRefuse;
    return yield* acceptLoop(() => this.#acceptOne(admit.call(this, listener)), this.#log);
  }

  /** Lets the clients finish, and closes those that have not when the time is up. */
  *drain(): Co<void> {
    const { drainTimeout } = this.#options;
    if (this.#clients.size === 0) return;
    const within = formatDuration(drainTimeout);
    this.#log.info(`no new clients; ${this.#left()} may finish within ${within}`);
    try {
      yield* timeout(drainTimeout, this.#lastGone.notified());
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      this.#log.warn(`closing ${this.#left()} that did not finish in time`);
      for (const client of this.#clients) client.task?.abort("the drain took too long");
    }
  }

  #left(): string {
    const { size } = this.#clients;
    return size === 1 ? "1 client" : `${size} clients`;
  }

  /** A permit first: until there is one, new clients stay in the system's backlog. */
  *#admitWaiting(listener: Listener<Stream>): Co<Client> {
    let permit = this.#permits.tryAcquire();
    if (permit === undefined) {
      this.#warnOfLimit("new clients wait");
      permit = yield* this.#permits.acquire();
    }
    let stream: Stream | undefined;
    try {
      stream = yield* listener.accept();
    } finally {
      if (stream === undefined) permit.release();
    }
    return { stream, permit };
  }

  /** The client first: without a permit for it, it is closed again. */
  *#admitOrRefuse(listener: Listener<Stream>): Co<Client | undefined> {
    const stream = yield* listener.accept();
    const permit = this.#permits.tryAcquire();
    if (permit !== undefined) return { stream, permit };
    this.#warnOfLimit("new clients are refused");
    stream.close();
  }

  *#acceptOne(admitted: Co<Client | undefined>): Co<void> {
    const client = yield* admitted;
    if (client !== undefined) this.#begin(client);
  }

  #begin(client: Client): void {
    const { stream } = client;
    const board = this.#board;
    this.#clients.add(client);
    this.traffic.connections++;
    this.#log.debug("connected", () => ({ peer: showAddress(stream.peerAddr) }));
    const nextChunk = board && (() => board.fill(stream));
    const body = echo(stream, this.#options, this.traffic, nextChunk);
    client.task = spawn(body, { onEnd: (ended) => this.#end(client, ended) });
  }

  #end(client: Client, ended: Ended<Ending>): void {
    this.#clients.delete(client);
    this.traffic.connections--;
    if (ended.how === "value") this.#tell(client.stream, ended.value);
    else if (ended.how === "error") {
      this.#log.error("a client failed", { error: asError(ended.error) });
    }
    // To linger for a client that takes nothing would be of no use to anybody.
    if (ended.how === "value" && ended.value !== "stalled") client.stream.close();
    else client.stream.abort();
    client.permit.release();
    if (this.#clients.size === 0) this.#lastGone.notifyAll();
  }

  #tell(stream: Stream, ending: Ending): void {
    const peer = () => ({ peer: showAddress(stream.peerAddr) });
    const { idleTimeout, writeTimeout } = this.#options;
    if (ending === "finished") this.#log.debug("finished", peer);
    else if (ending === "idle") {
      this.#log.info(`idle for ${formatDuration(idleTimeout)}: disconnected`, peer);
    } else if (ending === "stalled") {
      this.#log.info(`took nothing for ${formatDuration(writeTimeout)}: disconnected`, peer);
    } else {
      this.#log.debug(`disconnected: ${ending.message}`);
    }
  }

  #warnOfLimit(consequence: string): void {
    if (now() < this.#warnedAt + WARNING_INTERVAL_MS) return;
    this.#warnedAt = now();
    this.#log.warn(`at the limit of ${this.#options.maxConnections} connections: ${consequence}`);
  }

  /** Starts what speaks by the clock; disposing ends it. */
  #startReports(): Disposable {
    const { stats, statusInterval } = this.#options;
    const reports: JoinHandle<never>[] = [];
    if (stats) reports.push(spawn(() => this.#reportTraffic(), { name: "stats" }));
    const board = this.#board;
    if (board) reports.push(spawn(() => board.run(statusInterval), { name: "status board" }));
    return { [Symbol.dispose]: () => reports.forEach((report) => report.abort()) };
  }

  *#reportTraffic(): Co<never> {
    const report = new TrafficReport(this.traffic);
    for (let last = now();;) {
      yield* sleep(STATS_INTERVAL_MS);
      const at = now();
      this.#log.info("traffic", report.next((at - last) / MS_PER_SECOND));
      last = at;
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
