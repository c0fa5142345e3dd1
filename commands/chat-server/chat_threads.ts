import {
  type Address,
  type Co,
  type JoinHandle,
  type Logger,
  pending,
  race,
  spawn,
  Thread,
  TimedOut,
  timeout,
} from "../../runtime/mod.ts";
import type { Listener, Stream } from "../../net/mod.ts";
import { acceptLoop } from "../cli/accept_loop.ts";
import { Crew } from "../serving/crew.ts";
import { Figures } from "../serving/figures.ts";
import { HandingOver } from "../serving/hand_over.ts";
import { leastLoaded } from "../serving/least_loaded.ts";
import type { Waits } from "../serving/messages.ts";
import { openWayIn, type WayIn } from "../serving/way_in.ts";
import { Broker } from "./broker.ts";
import { type ChatStart, chatThread, prepareChatThread } from "./chat_thread.ts";
import type { ClientId } from "./client_id.ts";
import type { ChatOptions } from "./command.ts";
import { Ending } from "./ending.ts";
import type { Journal } from "./journal.ts";
import { Ledger, LEDGER_COLUMNS, TotalLedger } from "./ledger.ts";
import { RemoteAudience } from "./remote_audience.ts";
import type { Service } from "./service.ts";
import type { ChatOrder, ChatReport } from "./thread_messages.ts";
import { reportTraffic, TrafficReport } from "./traffic.ts";
import { addressOf, turnAway } from "./turn_away.ts";
import { Visitors } from "./visitors.ts";

/** How long the threads may take for their own end. */
const THREADS_GRACE_MS = 1_000;
/** Room for messages, in bytes: a busy room says a lot at once. */
const CAPACITY = 1 << 20;

/**
 * The chat server on several threads: this one has the broker and the gate, the others the clients.
 *
 * What clients do comes here as reports, and what they are told goes there as orders, to every
 * thread in the one order that the broker gave it.
 */
export class ChatThreads implements Service {
  readonly ledger: TotalLedger;
  readonly #options: ChatOptions;
  readonly #log: Logger;
  readonly #wayIn: WayIn;
  readonly #crew: Crew<ChatOrder, ChatReport, void>;
  readonly #handing = new HandingOver();
  readonly #figures: Figures;
  readonly #visitors: Visitors;
  readonly #audience: RemoteAudience;
  readonly #broker: Broker;
  readonly #ending: Ending;
  readonly #running: JoinHandle<never>[] = [];
  #lastSeat = -1;

  private constructor(options: ChatOptions, log: Logger, journal: Journal, wayIn: WayIn) {
    const { threads } = options;
    this.#options = options;
    this.#log = log;
    this.#wayIn = wayIn;
    this.#visitors = new Visitors(options, threads);
    this.#figures = new Figures(Figures.memory(threads, LEDGER_COLUMNS), LEDGER_COLUMNS);
    const ledger = this.ledger = new TotalLedger(this.#figures);
    const crew = this.#crew = new Crew<ChatOrder, ChatReport, void>({
      threads,
      log,
      start: (seat) => this.#startThread(seat),
      receive: (seat, report) => this.#receive(seat, report),
      lost: (seat) => this.#clearUp(seat),
    });
    const audience = this.#audience = new RemoteAudience({
      count: threads,
      seatOf: (id) => this.#visitors.seatOf(id),
      post: (seat, order) => crew.post(seat, order),
      room: (seat) => crew.room(seat),
    });
    const rules = { ...options, pace: options };
    const onShutdown = (delay: number, reason: string) => this.#ending.order(delay, reason);
    this.#broker = new Broker({ rules, ledger, audience, journal, onShutdown });
    const visitors = this.#visitors;
    this.#ending = new Ending(this.#broker.events, {
      get clients() {
        return visitors.size;
      },
      allGone: () => visitors.allGone(),
      abortAll() {}, // the threads close what is left when they end
    }, log);
  }

  /** Listens and starts the threads. @throws {CommandError} when that cannot be */
  static *open(
    options: ChatOptions,
    { log, journal }: { readonly log: Logger; readonly journal: Journal },
    os: string,
  ): Co<ChatThreads> {
    const wayIn = yield* openWayIn(options, os);
    const service = new ChatThreads(options, log, journal, wayIn);
    let begun = false;
    try {
      service.#start();
      yield* service.#crew.begin();
      begun = true;
      return service;
    } finally {
      if (!begun) service[Symbol.dispose]();
    }
  }

  get localAddr(): Address {
    return this.#wayIn.localAddr;
  }

  *serve(): Co<never> {
    yield* race<void>(this.#accept(), this.#crew.finished());
    return yield* pending();
  }

  ordered(): Co<string> {
    return this.#ending.ordered();
  }

  *drain(reason: string): Co<void> {
    this.#wayIn[Symbol.dispose]();
    for (let seat = 0; seat < this.#options.threads; seat++) {
      this.#crew.post(seat, { kind: "shut" });
    }
    yield* this.#ending.drain(reason, this.#options.drainTimeout);
    try {
      yield* timeout(THREADS_GRACE_MS, this.#crew.end());
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      this.#log.warn("a thread does not come to its end: leaving it behind");
    }
  }

  [Symbol.dispose](): void {
    this.#wayIn[Symbol.dispose]();
    this.#crew.abort();
    for (const task of this.#running) task.abort();
  }

  #start(): void {
    this.#running.push(spawn(() => this.#broker.run(), { name: "broker" }));
    if (!this.#options.stats) return;
    const report = new TrafficReport(this.#broker, this.ledger);
    this.#running.push(spawn(() => reportTraffic(report, this.#log), { name: "stats" }));
  }

  #startThread(seat: number) {
    const { sharing } = this.#wayIn;
    const [figures, descriptors] = [this.#figures.memory, this.#handing.memory];
    const start: ChatStart = { seat, options: this.#options, sharing, figures, descriptors };
    return Thread.start(chatThread, [start], {
      name: `chat-${seat}`,
      driver: this.#options.driver,
      prepare: prepareChatThread,
      capacity: CAPACITY,
    });
  }

  /** Accepts for all threads, where they do not themselves. */
  *#accept(): Co<void> {
    const { listener } = this.#wayIn;
    if (listener === undefined) return yield* pending();
    yield* acceptLoop(() => this.#handOne(listener), this.#log);
  }

  *#handOne(listener: Listener<Stream>): Co<void> {
    const stream = yield* listener.accept();
    const address = addressOf(stream.peerAddr);
    const seat = leastLoaded(this.#visitors.loads, this.#lastSeat);
    const admission = this.#visitors.enter(address, seat);
    if ("refusal" in admission) return turnAway(stream, admission.refusal, this.#log);
    this.#lastSeat = seat;
    this.#crew.post(seat, this.#handing.give(stream, seat, { id: admission.id, address }));
  }

  #receive(seat: number, report: ChatReport): Waits {
    switch (report.kind) {
      case "knock":
        this.#answerKnock(seat, report.ticket, report.address);
        return undefined;
      case "spoke":
        this.#visitors.spoke(report.id);
        return undefined;
      case "gone":
        this.#visitors.leave(report.id);
        return undefined;
      default:
        return this.#broker.events.send(report);
    }
  }

  #answerKnock(seat: number, ticket: number, address: string): void {
    const admission = this.#visitors.enter(address, seat);
    if ("id" in admission) this.#crew.post(seat, { kind: "admit", ticket, id: admission.id });
    else this.#crew.post(seat, { kind: "refuse", ticket, refusal: admission.refusal });
  }

  /** A thread is no more, and neither are its clients. */
  #clearUp(seat: number): void {
    if (this.#wayIn.sharing.kind === "handed") this.#handing.closeAll(seat);
    new Ledger(this.#figures.row(seat)).writeOff();
    this.#audience.replaced(seat);
    const ids = this.#visitors.at(seat);
    for (const id of ids) this.#visitors.leave(id);
    spawn(() => this.#tellLost(ids), { name: "lost clients" });
  }

  *#tellLost(ids: readonly ClientId[]): Co<void> {
    for (const id of ids) yield* this.#broker.events.send({ kind: "leave", id, why: "lost" });
  }
}
