import { EchoServer, type ServerOptions } from "../../../commands/echo-server/server.ts";
import {
  type Co,
  Filter,
  type JoinHandle,
  type Level,
  Logger,
  pollFn,
  type Reactor,
  RecordingLayer,
  type TraceEvent,
  Tracer,
} from "wakeful/runtime";
import type { MemoryListener, MemoryStream } from "../../support/memory_net.ts";
import { memoryListener } from "../../support/memory_streams.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

export const OPTIONS: ServerOptions = {
  idleTimeout: 10_000,
  writeTimeout: 60_000,
  maxConnections: 100,
  overflow: "wait",
  drainTimeout: 5_000,
  statusInterval: 0,
  stats: false,
};

/** The reactor of the task that asks. */
export function* reactorHere(): Co<Reactor> {
  return yield* pollFn(({ loop }) => loop.io as Reactor);
}

/** A logger whose events can be looked at. */
export function recordingLogger(least: Level = "info") {
  const recording = new RecordingLayer();
  const clock = { now: () => 0, wall: () => 0 };
  const tracer = new Tracer({ clock, filter: new Filter(least), layers: [recording] });
  return { log: new Logger("echo-server", tracer), events: recording.events };
}

/** An echo server over connections in memory, in virtual time: nothing happens by itself. */
export class Served {
  readonly time = new VirtualRuntime();
  readonly server: EchoServer;
  readonly listener: MemoryListener;
  readonly serving: JoinHandle<never>;
  readonly events: TraceEvent[];

  constructor(options: Partial<ServerOptions> = {}) {
    const { log, events } = recordingLogger();
    this.events = events;
    const server = this.server = new EchoServer({ ...OPTIONS, ...options }, log);
    const { source, listener } = memoryListener(this.time.run(reactorHere));
    this.listener = source;
    this.serving = this.time.spawn(() => server.serve(listener), "serve");
    this.time.settle();
  }

  /** A client that has connected, and been served if there was room for it. */
  connect(room: { client?: number; server?: number } = {}): MemoryStream {
    const client = this.listener.connect(room);
    this.time.settle();
    return client;
  }

  /** Sends and answers what comes back. */
  exchange(client: MemoryStream, text: string): string {
    client.send(text);
    this.time.settle();
    return client.take();
  }

  /** A client goes away. */
  leave(...clients: MemoryStream[]): void {
    for (const client of clients) client.close();
    this.time.settle();
  }

  /** Tasks and connections beside the server's own. */
  get alive(): { tasks: number; registrations: number; connections: number } {
    const { tasks, registrations } = this.time.runtime.statistics();
    return { tasks, registrations, connections: this.server.traffic.connections };
  }

  /** What was logged since the last look, at `info` and above. */
  said(): string[] {
    return this.events.splice(0).map(({ message }) => message);
  }

  [Symbol.dispose](): void {
    this.time[Symbol.dispose]();
  }
}
