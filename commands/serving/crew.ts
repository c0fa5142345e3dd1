import {
  type Co,
  End,
  type JoinHandle,
  type Logger,
  Notify,
  RestartLimit,
  sleep,
  spawn,
  supervise,
  type Thread,
} from "../../runtime/mod.ts";
import { RuntimeFailure } from "../cli/errors.ts";
import type { Order, Report, Waits } from "./messages.ts";
import { Outgoing } from "./outgoing.ts";

/** What a crew works with. */
export interface CrewParts<I, O, T> {
  readonly threads: number;
  readonly log: Logger;
  /** Starts the thread of a seat; it says that it is ready before anything else. */
  start(seat: number): Thread<Order<I>, Report<O>, T>;
  /** A thread has said something. */
  receive(seat: number, report: O): Waits;
  /** A thread has died: gives back what it had. */
  lost(seat: number): void;
}

/** One thread after the other has it, should they die. */
interface Seat<I, O, T> {
  readonly number: number;
  outgoing: Outgoing<Order<I>>;
  isReady: boolean;
  result?: T;
}

/** How many reports are taken at once. */
const BATCH = 256;

/**
 * The threads of a server: each has a seat, is given orders, reports, and is replaced when it dies.
 *
 * One that dies before it was ready at all ends the server: what it died of would kill the next one
 * too. So do more than five deaths within a minute.
 */
export class Crew<I, O, T> {
  readonly #parts: CrewParts<I, O, T>;
  readonly #seats: readonly Seat<I, O, T>[];
  readonly #changed = new Notify();
  #supervision: JoinHandle<void> | undefined;
  #failure: RuntimeFailure | undefined;
  #ending = false;

  constructor(parts: CrewParts<I, O, T>) {
    this.#parts = parts;
    this.#seats = Array.from({ length: parts.threads }, (_, number) => {
      return { number, outgoing: new Outgoing(), isReady: false };
    });
  }

  /**
   * Starts all threads and waits until they are ready.
   *
   * @throws {RuntimeFailure} when one cannot begin
   */
  *begin(): Co<void> {
    const children = this.#seats.map((seat) => ({
      name: `thread ${seat.number}`,
      start: () => this.#live(seat),
      restart: "transient" as const,
    }));
    // Each death is told when it happens.
    this.#supervision = spawn(supervise(children, { onEvent() {} }), { name: "crew" });
    while (this.#failure === undefined && !this.#seats.every(({ isReady }) => isReady)) {
      yield* this.#changed.notified();
    }
    if (this.#failure === undefined) return;
    this.#supervision.abort();
    throw this.#failure;
  }

  /**
   * Waits until all threads have ended.
   *
   * @throws {RuntimeFailure} when they die so often that it makes no sense to go on
   */
  *finished(): Co<void> {
    try {
      yield* this.#supervision!;
    } catch (error) {
      if (!(error instanceof RestartLimit)) throw error;
      throw new RuntimeFailure("the threads die one after the other", { cause: error });
    }
  }

  /** Gives a thread an order, without waiting; one for a thread that dies is lost. */
  post(seat: number, order: I): void {
    this.#seats[seat].outgoing.post(order);
  }

  /** What to wait for until few enough orders are on their way to a thread; mostly nothing. */
  room(seat: number): Waits {
    const { outgoing } = this.#seats[seat];
    return outgoing.isCrowded ? outgoing.room() : undefined;
  }

  /** Tells all threads to come to their end, and answers what they return. */
  *end(): Co<T[]> {
    this.#ending = true;
    for (const { outgoing } of this.#seats) outgoing.post({ kind: "end" });
    yield* this.finished();
    return this.#seats.flatMap(({ result }) => result === undefined ? [] : [result]);
  }

  /** Ends all threads at once. */
  abort(): void {
    this.#supervision?.abort();
  }

  /** One life of the thread at a seat; throws when it has died and is to be replaced. */
  *#live(seat: Seat<I, O, T>): Co<void> {
    let thread: Thread<Order<I>, Report<O>, T> | undefined;
    try {
      yield* sleep(seat.number); // to make a thread takes this one's time: one a turn
      thread = this.#parts.start(seat.number);
      yield* this.#attend(seat, thread);
      seat.result = yield* thread.join();
      if (!this.#ending) throw new Error("it came to its end by itself");
    } catch (error) {
      this.#mourn(seat, error);
      if (!this.#ending && this.#failure === undefined) throw error; // and another one is started
    } finally {
      thread?.[Symbol.dispose]();
    }
  }

  *#attend(seat: Seat<I, O, T>, thread: Thread<Order<I>, Report<O>, T>): Co<void> {
    using _orders = spawn(() => sendTo(thread, seat.outgoing), { name: "orders" }).abortOnDrop();
    for (;;) {
      const reports = yield* thread.recvMany(BATCH);
      if (reports === End) return;
      for (const report of reports) {
        const waits = this.#receive(seat, report);
        if (waits !== undefined) yield* waits;
      }
    }
  }

  #receive(seat: Seat<I, O, T>, report: Report<O>): Waits {
    if (!isReady(report)) return this.#parts.receive(seat.number, report);
    seat.isReady = true;
    this.#changed.notifyAll();
    return undefined;
  }

  #mourn(seat: Seat<I, O, T>, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#parts.lost(seat.number);
    seat.outgoing = new Outgoing(); // what was posted is lost; from here on it is for the next one
    if (!seat.isReady) {
      this.#failure ??= new RuntimeFailure(`cannot start thread ${seat.number}: ${why}`);
      this.#changed.notifyAll();
      return;
    }
    const next = this.#ending ? "" : ", and another takes its place";
    this.#parts.log.error(
      `thread ${seat.number} died: ${why}; its clients are disconnected${next}`,
    );
  }
}

function isReady<O>(report: Report<O>): report is { readonly kind: "ready" } {
  return (report as { kind?: unknown }).kind === "ready";
}

/** Sends orders until the thread has ended. */
function* sendTo<M>(thread: Thread<M, unknown, unknown>, outgoing: Outgoing<M>): Co<void> {
  try {
    yield* outgoing.pump((orders) => thread.sendAll(orders));
  } catch (error) {
    if (!thread.isFinished) throw error;
  }
}
