import { Closed, type Co, End, race, spawn, type ThreadSelf, yieldNow } from "../../runtime/mod.ts";
import type { Order, Report, Waits } from "./messages.ts";
import { Outgoing } from "./outgoing.ts";

/** How many orders are obeyed before what came of them has its turn. */
const BATCH = 64;

/** A thread of a server, on that thread: hears orders, sends reports. */
export class CrewMember<I, O> {
  readonly #self: ThreadSelf<Order<I>, Report<O>>;
  readonly #outgoing = new Outgoing<Report<O>>();

  constructor(self: ThreadSelf<Order<I>, Report<O>>) {
    this.#self = self;
  }

  /** Reports something, without waiting. */
  post(report: O): void {
    this.#outgoing.post(report);
  }

  /** Waits until few enough reports are on their way. */
  room(): Co<void> {
    return this.#outgoing.room();
  }

  /**
   * Says that the thread is ready, runs `body`, and hands orders to `obey`, until the server wants
   * the end; then runs `last`, and answers what that does. Reports are sent to the end.
   */
  *work<T>(obey: (order: I) => Waits, body: () => Co<never>, last: () => Co<T>): Co<T> {
    using _reports = spawn(() => this.#report(), { name: "reports" }).abortOnDrop();
    this.#outgoing.post({ kind: "ready" });
    yield* race<void>(this.#untilEnd(obey), body);
    using _orders = spawn(() => this.#untilEnd(obey), { name: "orders" }).abortOnDrop();
    return yield* last();
  }

  *#untilEnd(obey: (order: I) => Waits): Co<void> {
    for (;;) {
      const orders = yield* this.#self.recvMany(BATCH);
      if (orders === End) return;
      for (const order of orders) {
        if (isEnd(order)) return;
        const waits = obey(order);
        if (waits !== undefined) yield* waits;
      }
      yield* yieldNow();
    }
  }

  *#report(): Co<void> {
    try {
      yield* this.#outgoing.pump((reports) => this.#self.sendAll(reports));
    } catch (error) {
      if (!(error instanceof Closed)) throw error; // its server is gone
    }
  }
}

function isEnd<I>(order: Order<I>): order is { readonly kind: "end" } {
  return (order as { kind?: unknown }).kind === "end";
}
