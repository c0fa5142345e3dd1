import { Journal } from "../../../commands/chat-server/journal.ts";
import { ChatServer, type ServerOptions } from "../../../commands/chat-server/server.ts";
import type { JoinHandle, TraceEvent } from "wakeful/runtime";
import type { MemoryListener, MemoryStream } from "../../support/memory_net.ts";
import { memoryListener } from "../../support/memory_streams.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";
import { reactorHere, recordingLogger } from "../echo-server/served.ts";

export const OPTIONS: ServerOptions = {
  maxLine: 4096,
  rate: 10,
  burst: 20,
  inbox: 256,
  slowReader: "drop",
  idleTimeout: 600_000,
  maxClients: 10_000,
  maxSilent: 8_000,
  maxPerAddress: undefined,
  connectRate: undefined,
  operatorToken: "sesame",
  logText: false,
  stats: false,
  drainTimeout: 5_000,
};

/** Longer than a client lingers and a crowd is gathered. */
const A_WHILE_MS = 10_000;

/** A chat server over connections in memory, in virtual time: nothing happens by itself. */
export class Hosted {
  readonly time = new VirtualRuntime();
  readonly server: ChatServer;
  readonly listener: MemoryListener;
  readonly serving: JoinHandle<never>;
  readonly events: TraceEvent[];
  #running: Disposable | undefined;

  constructor(options: Partial<ServerOptions> = {}) {
    const { log, events } = recordingLogger();
    this.events = events;
    const server = this.server = new ChatServer({ ...OPTIONS, ...options }, log, new Journal());
    const { source, listener } = memoryListener(this.time.run(reactorHere));
    this.listener = source;
    const hosted = this.#start.bind(this);
    this.serving = this.time.spawn(function* () {
      hosted();
      return yield* server.serve(listener);
    }, "serve");
    this.time.settle();
  }

  /** A client that has connected; with a name, it takes it, and what was said so far is read. */
  connect(name?: string, room: { client?: number; server?: number } = {}): MemoryStream {
    const client = this.listener.connect(room);
    this.time.settle();
    if (name === undefined) return client;
    client.send(`/nick ${name}\n`);
    this.time.advance(1_000);
    this.read(client);
    return client;
  }

  /** Sends lines; what comes of it has happened when this returns. */
  type(client: MemoryStream, ...lines: string[]): void {
    for (const line of lines) client.send(`${line}\n`);
    this.time.settle();
  }

  /** The lines that have come since the last look, and those that come because of it. */
  read(client: MemoryStream): string[] {
    let text = "";
    for (let more = " "; more !== ""; text += more) {
      this.time.settle();
      more = client.take();
    }
    return text.split("\n").slice(0, -1);
  }

  /** Whether the server has closed the connection of `client`, as that sees it. */
  hasEnded(client: MemoryStream): boolean {
    client.take();
    return client.tryRead(new Uint8Array(1)) === 0;
  }

  /** Everybody goes away, and everything that takes its time is over. */
  empty(...clients: MemoryStream[]): { clients: number; tasks: number; left: number } {
    for (const client of clients) client.close();
    this.time.advance(A_WHILE_MS);
    const { told, delivered, dropped, gone } = this.server.ledger;
    const { tasks } = this.time.runtime.statistics();
    return { clients: this.server.clients, tasks, left: told - delivered - dropped - gone };
  }

  /** What was logged since the last look, at `info` and above. */
  said(): string[] {
    return this.events.splice(0).map(({ message }) => message);
  }

  [Symbol.dispose](): void {
    this.#running?.[Symbol.dispose]();
    this.time[Symbol.dispose]();
  }

  #start(): void {
    this.#running = this.server.start();
  }
}
