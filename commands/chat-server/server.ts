import {
  type Co,
  type Ended,
  type JoinHandle,
  type Logger,
  Notify,
  now,
  race,
  showAddress,
  sleep,
  spawn,
  TimedOut,
  timeout,
} from "../../runtime/mod.ts";
import type { Listener, Stream } from "../../net/mod.ts";
import { acceptLoop } from "../cli/accept_loop.ts";
import { formatDuration } from "../cli/units.ts";
import { Broker } from "./broker.ts";
import { Client, type ClientParts } from "./client.ts";
import type { ClientId } from "./client_id.ts";
import { countDown } from "./countdown.ts";
import { Gate, type GateLimits } from "./gate.ts";
import type { ChatRules } from "./hall.ts";
import { Inbox } from "./inbox.ts";
import type { Journal } from "./journal.ts";
import { Ledger } from "./ledger.ts";
import { parcel } from "./parcel.ts";
import { TrafficReport } from "./traffic.ts";
import { because, notice } from "./wording.ts";

/** What the server may be told besides where to listen; durations in milliseconds. */
export interface ServerOptions extends GateLimits, Omit<ChatRules, "pace"> {
  readonly rate: number;
  readonly burst: number;
  readonly drainTimeout: number;
  readonly stats: boolean;
}

/** An end that an operator has asked for. */
interface Order {
  readonly delay: number;
  readonly reason: string;
}

/** One client and what it holds of the server. */
interface Place {
  readonly client: Client;
  readonly stream: Stream;
  readonly address: string;
  task?: JoinHandle<boolean>;
}

const STATS_INTERVAL_MS = 1_000;
const MS_PER_SECOND = 1_000;
/** Of the time to drain, what is kept for last lines to go out. */
const FLUSH_MS = 1_000;
const FLUSH_SHARE = 0.2;

/** The clients of one listener, a task each, and the broker that tells them what is said. */
export class ChatServer {
  readonly ledger = new Ledger();
  #options: ServerOptions;
  #log: Logger;
  #broker: Broker;
  #gate: Gate;
  #clientParts: ClientParts;
  #places = new Map<ClientId, Place>();
  #lastId = 0;
  #lastGone = new Notify();
  #ordered = new Notify();
  #order: Order | undefined;

  constructor(options: ServerOptions, log: Logger, journal: Journal) {
    const rules = { ...options, pace: options };
    this.#options = options;
    this.#log = log;
    this.#gate = new Gate(options);
    const onShutdown = (delay: number, reason: string) => {
      this.#order = { delay, reason };
      this.#ordered.notifyAll();
    };
    this.#broker = new Broker({ rules, ledger: this.ledger, journal, onShutdown });
    const onFirstLine = () => this.#gate.spoke();
    this.#clientParts = { rules, ledger: this.ledger, events: this.#broker.events, onFirstLine };
  }

  /** How many connections there are. */
  get clients(): number {
    return this.#places.size;
  }

  /** Starts what runs beside the clients; disposing ends it. */
  start(): Disposable {
    const tasks: JoinHandle<never>[] = [spawn(() => this.#broker.run(), { name: "broker" })];
    if (this.#options.stats) tasks.push(spawn(() => this.#reportTraffic(), { name: "stats" }));
    return { [Symbol.dispose]: () => tasks.forEach((task) => task.abort()) };
  }

  /** Accepts and serves clients for ever. Dropped, it accepts no more, and those it has live on. */
  serve(listener: Listener<Stream>): Co<never> {
    return acceptLoop(() => this.#acceptOne(listener), this.#log);
  }

  /** Waits until an operator has ordered the end and its countdown is over; answers the reason. */
  *ordered(): Co<string> {
    for (;;) {
      const ordered = this.#ordered.notified();
      const order = this.#order;
      if (order === undefined) yield* ordered;
      else {
        this.#order = undefined;
        const counted = yield* race<boolean>(this.#counted(order), this.#otherwise(ordered));
        if (counted) return `ordered by an operator${because(order.reason)}`;
      }
    }
  }

  /** Lets everyone hear that the end is near for most of the time to drain, then closes. */
  *drain(reason: string): Co<void> {
    const { drainTimeout } = this.#options;
    if (this.clients === 0) return;
    const flush = Math.min(FLUSH_MS, drainTimeout * FLUSH_SHARE);
    this.#log.info(`${this.#left()}: closing within ${formatDuration(drainTimeout)}`);
    yield* race<unknown>(
      this.#counted({ delay: drainTimeout - flush, reason }),
      this.#everybodyGone(),
    );
    yield* this.#close(flush);
  }

  /** Says goodbye to everyone, and aborts who has not taken it within `limit`. */
  *#close(limit: number): Co<void> {
    const text = "the server is shutting down: goodbye";
    yield* this.#broker.events.send({ kind: "close", text });
    try {
      yield* timeout(limit, this.#everybodyGone());
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      this.#log.warn(`aborting ${this.#left()} that did not take the last lines`);
      for (const { task } of this.#places.values()) task?.abort("the drain took too long");
    }
  }

  *#counted({ delay, reason }: Order): Co<true> {
    const { events } = this.#broker;
    yield* countDown(delay, function* (left) {
      const text = `the server is shutting down in ${left}${because(reason)}`;
      yield* events.send({ kind: "announce", text });
    });
    return true;
  }

  *#otherwise(ordered: ReturnType<Notify["notified"]>): Co<false> {
    yield* ordered;
    return false;
  }

  *#everybodyGone(): Co<void> {
    while (this.clients > 0) yield* this.#lastGone.notified();
  }

  #left(): string {
    return this.clients === 1 ? "1 client" : `${this.clients} clients`;
  }

  *#acceptOne(listener: Listener<Stream>): Co<void> {
    this.#admit(yield* listener.accept());
  }

  #admit(stream: Stream): void {
    const peer = stream.peerAddr;
    const address = peer.transport === "tcp" ? peer.host : "";
    const refusal = this.#gate.enter(address, now());
    if (refusal !== undefined) {
      this.#log.debug(`refused: ${refusal}`, () => ({ peer: showAddress(peer) }));
      stream.tryWrite(parcel([notice(refusal)]).bytes);
      return stream.close();
    }
    const id = ++this.#lastId;
    const inbox = new Inbox(this.#options.inbox, this.ledger);
    const client = new Client(id, stream, inbox, this.#clientParts);
    const place: Place = { client, stream, address };
    this.#places.set(id, place);
    this.#broker.attach(id, client);
    place.task = spawn(() => client.serve(address), {
      name: `client ${id}`,
      onEnd: (ended) => this.#end(place, ended),
    });
  }

  #end({ client, stream, address }: Place, ended: Ended<boolean>): void {
    this.#places.delete(client.id);
    this.#broker.detach(client.id);
    this.#gate.leave(address, client.hasSpoken);
    if (ended.how === "error") {
      this.#log.error("a client failed", { error: asError(ended.error) });
    }
    // To linger for a client that takes nothing would be of no use to anybody.
    if (ended.how === "value" && ended.value) stream.close();
    else stream.abort();
    if (this.clients === 0) this.#lastGone.notifyAll();
  }

  *#reportTraffic(): Co<never> {
    const report = new TrafficReport(this.#broker, this.ledger);
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
