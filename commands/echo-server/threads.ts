import {
  type Address,
  type Co,
  type Logger,
  pending,
  race,
  spawn,
  Thread,
  TimedOut,
  timeout,
} from "../../runtime/mod.ts";
import { acceptLoop } from "../cli/accept_loop.ts";
import { Crew } from "../serving/crew.ts";
import { type Entrance, ownEntrance } from "../serving/entrance.ts";
import { Figures } from "../serving/figures.ts";
import { HandingOver } from "../serving/hand_over.ts";
import { leastLoaded } from "../serving/least_loaded.ts";
import { type SharedPermit, SharedPermits } from "../serving/shared_permits.ts";
import { openWayIn, type WayIn } from "../serving/way_in.ts";
import type { EchoOptions } from "./command.ts";
import { drain } from "./drain.ts";
import {
  type EchoOrder,
  type EchoReport,
  type EchoStart,
  echoThread,
  prepareEchoThread,
} from "./echo_thread.ts";
import { LimitWarning } from "./limit_warning.ts";
import type { Service } from "./service.ts";
import { reportTraffic, TotalTraffic, Traffic, TRAFFIC_COLUMNS } from "./traffic.ts";

/** How much longer than its clients a thread may take for its own end. */
const THREADS_GRACE_MS = 1_000;

/** The echo server on several threads: this one starts them, looks after them, and counts. */
export class EchoThreads implements Service {
  readonly #options: EchoOptions;
  readonly #log: Logger;
  readonly #wayIn: WayIn;
  readonly #crew: Crew<EchoOrder, EchoReport, number>;
  readonly #permits: SharedPermits;
  readonly #handing = new HandingOver();
  readonly #figures: Figures;
  readonly #warning: LimitWarning;
  #lastSeat = -1;

  private constructor(options: EchoOptions, log: Logger, wayIn: WayIn) {
    const { threads, maxConnections } = options;
    this.#options = options;
    this.#log = log;
    this.#wayIn = wayIn;
    this.#warning = new LimitWarning(maxConnections, log);
    this.#figures = new Figures(Figures.memory(threads, TRAFFIC_COLUMNS), TRAFFIC_COLUMNS);
    const permits = SharedPermits.memory(maxConnections, threads + 1);
    const mine = threads; // the seat after those of the threads
    this.#permits = new SharedPermits(permits, mine, (seat) => this.#tellOfRoom(seat));
    this.#crew = new Crew({
      threads,
      log,
      start: (seat) => this.#startThread(seat, permits),
      receive: (_, report) => this.#receive(report),
      lost: (seat) => this.#clearUp(seat),
    });
  }

  /** Listens and starts the threads. @throws {CommandError} when that cannot be */
  static *open(options: EchoOptions, log: Logger, os: string): Co<EchoThreads> {
    const wayIn = yield* openWayIn(options, os);
    const service = new EchoThreads(options, log, wayIn);
    let begun = false;
    try {
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
    const traffic = new TotalTraffic(this.#figures);
    using _stats = this.#options.stats
      ? spawn(() => reportTraffic(traffic, this.#log), { name: "stats" }).abortOnDrop()
      : undefined;
    yield* race<void>(this.#accept(), this.#crew.finished());
    return yield* pending();
  }

  *drain(): Co<void> {
    this.#wayIn[Symbol.dispose]();
    let clients = 0;
    for (let seat = 0; seat < this.#options.threads; seat++) clients += this.#permits.held(seat);
    yield* drain(clients, this.#options.drainTimeout, () => this.#finish(), this.#log);
  }

  [Symbol.dispose](): void {
    this.#wayIn[Symbol.dispose]();
    this.#crew.abort();
  }

  /** Answers how many clients all threads together had to close. */
  *#finish(): Co<number> {
    const { drainTimeout } = this.#options;
    try {
      const closed = yield* timeout(drainTimeout + THREADS_GRACE_MS, this.#crew.end());
      return closed.reduce((sum, count) => sum + count, 0);
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      this.#log.warn("a thread does not come to its end: leaving it behind");
      return 0;
    }
  }

  #startThread(seat: number, permits: SharedArrayBuffer) {
    const { sharing } = this.#wayIn;
    const [figures, descriptors] = [this.#figures.memory, this.#handing.memory];
    const start: EchoStart = {
      seat,
      options: this.#options,
      sharing,
      permits,
      figures,
      descriptors,
    };
    const { driver } = this.#options;
    return Thread.start(echoThread, [start], {
      name: `echo-${seat}`,
      driver,
      prepare: prepareEchoThread,
    });
  }

  /** Accepts for all threads, where they do not themselves. */
  *#accept(): Co<void> {
    const { listener } = this.#wayIn;
    if (listener === undefined) return yield* pending();
    const onFull = (consequence: string) => this.#warning.warn(consequence);
    const { overflow } = this.#options;
    const entrance = ownEntrance({ listener, permits: this.#permits, overflow, onFull });
    yield* acceptLoop(() => this.#handOne(entrance), this.#log);
  }

  *#handOne(entrance: Entrance<SharedPermit>): Co<void> {
    const admitted = yield* entrance.admit();
    if (admitted === undefined) return;
    const loads = Array.from(
      { length: this.#options.threads },
      (_, seat) => this.#permits.held(seat),
    );
    const seat = this.#lastSeat = leastLoaded(loads, this.#lastSeat);
    admitted.permit.handTo(seat);
    this.#crew.post(seat, this.#handing.give(admitted.stream, seat, undefined));
  }

  #receive(report: EchoReport): undefined {
    if (report.kind === "full") this.#warning.warn(report.consequence);
    else if (report.seat === this.#options.threads) this.#permits.rung();
    else this.#tellOfRoom(report.seat);
  }

  #tellOfRoom(seat: number): void {
    this.#crew.post(seat, { kind: "room" });
  }

  /** A thread is no more: what it had is there for the others. */
  #clearUp(seat: number): void {
    if (this.#wayIn.sharing.kind === "handed") this.#handing.closeAll(seat);
    this.#permits.releaseAll(seat);
    new Traffic(this.#figures.row(seat)).connections = 0;
  }
}
