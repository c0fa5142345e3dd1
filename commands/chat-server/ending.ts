import {
  type Co,
  type Logger,
  Notify,
  race,
  type Sender,
  TimedOut,
  timeout,
} from "../../runtime/mod.ts";
import { formatDuration } from "../cli/units.ts";
import { countDown } from "./countdown.ts";
import type { ChatEvent } from "./event.ts";
import { because } from "./wording.ts";

/** Those who are to leave, wherever they are served. */
export interface Leaving {
  /** How many connections there are. */
  readonly clients: number;
  /** Waits until there is none. */
  allGone(): Co<void>;
  /** Closes those that are left, at once. */
  abortAll(reason: string): void;
}

/** An end that an operator has asked for. */
interface Order {
  readonly delay: number;
  readonly reason: string;
}

/** Of the time to drain, what is kept for last lines to go out. */
const FLUSH_MS = 1_000;
const FLUSH_SHARE = 0.2;

/** How a chat ends: with a countdown, a goodbye, and a limit. */
export class Ending {
  readonly #events: Sender<ChatEvent>;
  readonly #leaving: Leaving;
  readonly #log: Logger;
  #ordered = new Notify();
  #order: Order | undefined;

  constructor(events: Sender<ChatEvent>, leaving: Leaving, log: Logger) {
    this.#events = events;
    this.#leaving = leaving;
    this.#log = log;
  }

  /** An operator wants the end; a later order takes the place of an earlier one. */
  order(delay: number, reason: string): void {
    this.#order = { delay, reason };
    this.#ordered.notifyAll();
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
  *drain(reason: string, limit: number): Co<void> {
    if (this.#leaving.clients === 0) return;
    const flush = Math.min(FLUSH_MS, limit * FLUSH_SHARE);
    this.#log.info(`${this.#left()}: closing within ${formatDuration(limit)}`);
    yield* race<unknown>(
      this.#counted({ delay: limit - flush, reason }),
      this.#leaving.allGone(),
    );
    yield* this.#close(flush);
  }

  /** Says goodbye to everyone, and aborts who has not taken it within `limit`. */
  *#close(limit: number): Co<void> {
    const text = "the server is shutting down: goodbye";
    yield* this.#events.send({ kind: "close", text });
    try {
      yield* timeout(limit, this.#leaving.allGone());
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      this.#log.warn(`aborting ${this.#left()} that did not take the last lines`);
      this.#leaving.abortAll("the drain took too long");
    }
  }

  *#counted({ delay, reason }: Order): Co<true> {
    const events = this.#events;
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

  #left(): string {
    const { clients } = this.#leaving;
    return clients === 1 ? "1 client" : `${clients} clients`;
  }
}
