import { type Co, type JoinHandle, type Logger, spawn } from "../../runtime/mod.ts";
import type { Listener, Stream } from "../../net/mod.ts";
import { acceptLoop } from "../cli/accept_loop.ts";
import { LocalAudience } from "./audience.ts";
import { Broker } from "./broker.ts";
import type { ClientId } from "./client_id.ts";
import { Ending } from "./ending.ts";
import type { GateLimits } from "./gate.ts";
import { Guests } from "./guests.ts";
import type { ChatRules } from "./hall.ts";
import type { Journal } from "./journal.ts";
import { Ledger } from "./ledger.ts";
import { addressOf, turnAway } from "./turn_away.ts";
import { reportTraffic, TrafficReport } from "./traffic.ts";
import { Visitors } from "./visitors.ts";

/** What the server may be told besides where to listen; durations in milliseconds. */
export interface ServerOptions extends GateLimits, Omit<ChatRules, "pace"> {
  readonly rate: number;
  readonly burst: number;
  readonly drainTimeout: number;
  readonly stats: boolean;
}

/** The clients of one listener, a task each, and the broker that tells them what is said. */
export class ChatServer {
  readonly ledger = new Ledger();
  #options: ServerOptions;
  #log: Logger;
  #broker: Broker;
  #audience: LocalAudience;
  #visitors: Visitors;
  #guests: Guests;
  #ending: Ending;

  constructor(options: ServerOptions, log: Logger, journal: Journal) {
    const { ledger } = this;
    const rules = { ...options, pace: options };
    const audience = this.#audience = new LocalAudience(options.slowReader);
    const onShutdown = (delay: number, reason: string) => this.#ending.order(delay, reason);
    this.#options = options;
    this.#log = log;
    const visitors = this.#visitors = new Visitors(options);
    this.#broker = new Broker({ rules, ledger, audience, journal, onShutdown });
    const { events } = this.#broker;
    const onFirstLine = (id: ClientId) => visitors.spoke(id);
    const onGone = (id: ClientId) => visitors.leave(id);
    this.#guests = new Guests({ rules, log, ledger, audience, events, onFirstLine, onGone });
    this.#ending = new Ending(events, this, log);
  }

  /** How many connections there are. */
  get clients(): number {
    return this.#visitors.size;
  }

  /** Starts what runs beside the clients; disposing ends it. */
  start(): Disposable {
    const tasks: JoinHandle<never>[] = [
      spawn(() => this.#broker.run(), { name: "broker" }),
      spawn(() => this.#audience.run(), { name: "audience" }),
    ];
    if (this.#options.stats) {
      const report = new TrafficReport(this.#broker, this.ledger);
      tasks.push(spawn(() => reportTraffic(report, this.#log), { name: "stats" }));
    }
    return { [Symbol.dispose]: () => tasks.forEach((task) => task.abort()) };
  }

  /** Accepts and serves clients for ever. Dropped, it accepts no more, and those it has live on. */
  serve(listener: Listener<Stream>): Co<never> {
    return acceptLoop(() => this.#acceptOne(listener), this.#log);
  }

  /** As {@link Ending.ordered}. */
  ordered(): Co<string> {
    return this.#ending.ordered();
  }

  /** As {@link Ending.drain}. */
  drain(reason: string): Co<void> {
    return this.#ending.drain(reason, this.#options.drainTimeout);
  }

  allGone(): Co<void> {
    return this.#visitors.allGone();
  }

  abortAll(reason: string): void {
    this.#guests.abortAll(reason);
  }

  *#acceptOne(listener: Listener<Stream>): Co<void> {
    this.#admit(yield* listener.accept());
  }

  #admit(stream: Stream): void {
    const address = addressOf(stream.peerAddr);
    const admission = this.#visitors.enter(address);
    if ("id" in admission) this.#guests.admit(admission.id, stream, address);
    else turnAway(stream, admission.refusal, this.#log);
  }
}
