import {
  type Co,
  type Ended,
  type JoinHandle,
  type Logger,
  Notify,
  Semaphore,
  showAddress,
  spawn,
  type SpawnOptions,
  TimedOut,
  timeout,
} from "../../runtime/mod.ts";
import type { Listener, Stream } from "../../net/mod.ts";
import { acceptLoop } from "../cli/accept_loop.ts";
import { formatDuration } from "../cli/units.ts";
import type { Permit } from "../serving/permits.ts";
import { type Admitted, type Entrance, type Overflow, ownEntrance } from "../serving/entrance.ts";
import { drain } from "./drain.ts";
import { echo, type Ending, type Patience } from "./echo.ts";
import { LimitWarning } from "./limit_warning.ts";
import { StatusBoard } from "./status.ts";
import { reportTraffic, Traffic } from "./traffic.ts";

/** What the server may be told besides where to listen; durations in milliseconds. */
export interface ServerOptions extends Patience {
  readonly maxConnections: number;
  readonly overflow: Overflow;
  readonly drainTimeout: number;
  readonly statusInterval: number;
  readonly stats: boolean;
}

/** What a server that is one of several shares with the others. */
export interface Shared {
  /** Where it counts what it does. */
  readonly traffic: Traffic;
  /** How many connections all of them have together. */
  connections(): number;
}

/** One client and what it holds of the server. It is what its task tells of its end. */
class Client implements SpawnOptions<Ending> {
  readonly stream: Stream;
  readonly permit: Permit;
  readonly #server: EchoServer;
  task: JoinHandle<Ending> | undefined;

  constructor({ stream, permit }: Admitted, server: EchoServer) {
    this.stream = stream;
    this.permit = permit;
    this.#server = server;
  }

  onEnd(ended: Ended<Ending>): void {
    this.#server.clientEnded(this, ended);
  }
}

/** The clients of one entrance, a task each. */
export class EchoServer {
  readonly traffic: Traffic;
  #options: ServerOptions;
  #log: Logger;
  #clients = new Set<Client>();
  #lastGone = new Notify();
  #board: StatusBoard | undefined;

  constructor(options: ServerOptions, log: Logger, shared?: Shared) {
    this.#options = options;
    this.#log = log;
    const traffic = this.traffic = shared?.traffic ?? new Traffic();
    const connections = shared?.connections ?? (() => traffic.connections);
    if (options.statusInterval > 0) this.#board = new StatusBoard(connections);
  }

  /** Accepts and serves the clients of a listener for ever; otherwise as {@link serveAll}. */
  *serve(listener: Listener<Stream>): Co<never> {
    const { maxConnections, overflow, stats } = this.#options;
    const warning = new LimitWarning(maxConnections, this.#log);
    const onFull = (consequence: string) => warning.warn(consequence);
    const permits = new Semaphore(maxConnections);
    const entrance = ownEntrance({ listener, permits, overflow, onFull });
    using _stats = stats ? this.#start(() => reportTraffic(this.traffic, this.#log)) : undefined;
    return yield* this.serveAll(entrance);
  }

  /**
   * Serves whoever comes in, for ever. Dropped, it lets in nobody more, and those it has live on.
   */
  *serveAll(entrance: Entrance): Co<never> {
    const board = this.#board;
    using _board = board && this.#start(() => board.run(this.#options.statusInterval));
    const admitOne = this.admitOne.bind(this, entrance);
    return yield* acceptLoop(admitOne, this.#log);
  }

  /** Lets in the next client, and serves it from then on. */
  *admitOne(entrance: Entrance): Co<void> {
    const admitted = yield* entrance.admit();
    if (admitted !== undefined) this.#begin(new Client(admitted, this));
  }

  /** Lets the clients finish, closes those that have not when the time is up, and tells. */
  drain(): Co<void> {
    const { drainTimeout } = this.#options;
    return drain(this.#clients.size, drainTimeout, () => this.finish(), this.#log);
  }

  /** As {@link drain}, without a word; answers how many had to be closed. */
  *finish(): Co<number> {
    if (this.#clients.size === 0) return 0;
    try {
      yield* timeout(this.#options.drainTimeout, this.#lastGone.notified());
      return 0;
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      const late = [...this.#clients];
      for (const client of late) client.task?.abort("the drain took too long");
      return late.length;
    }
  }

  #begin(client: Client): void {
    const { stream } = client;
    const board = this.#board;
    this.#clients.add(client);
    this.traffic.connections++;
    this.#log.debug("connected", () => ({ peer: showAddress(stream.peerAddr) }));
    const nextChunk = board && (() => board.fill(stream));
    const body = echo(stream, this.#options, this.traffic, nextChunk);
    client.task = spawn(body, client);
  }

  /** For its clients. */
  clientEnded(client: Client, ended: Ended<Ending>): void {
    this.#clients.delete(client);
    this.traffic.connections--;
    if (ended.how === "value") this.#tell(client.stream, ended.value);
    else if (ended.how === "error") {
      this.#log.error("a client failed", { error: asError(ended.error) });
    }
    client.permit.release();
    // To linger for a client that takes nothing would be of no use to anybody.
    if (ended.how === "value" && ended.value !== "stalled") client.stream.close();
    else client.stream.abort();
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

  /** Starts what speaks by the clock; disposing ends it. */
  #start(report: () => Co<never>): Disposable {
    return spawn(report, { name: "reports" }).abortOnDrop();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
