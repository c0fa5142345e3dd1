import { type Co, Notify, now, sleep, yieldNow } from "../../runtime/mod.ts";
import type { Waits } from "../serving/messages.ts";
import type { ClientId } from "./client_id.ts";
import { FloodBudget } from "./flood_budget.ts";
import type { Put } from "./inbox.ts";
import type { Parcel } from "./parcel.ts";

/** Whom the broker tells what is said: clients of its own thread, or of several. */
export interface Audience {
  /** Tells everyone in `to` but one; who is gone is passed over. */
  tell(to: readonly ClientId[], parcel: Parcel, except: ClientId | undefined): void;
  /** The connection ends once everything has gone out that its client was told, and `last`. */
  dismiss(id: ClientId, last?: Parcel): void;
  /** Between two events: lets those catch up who need it, within bounds. */
  catchUp(): Waits;
  /** Takes those who were told more than they can take, and are to go for it. */
  takeOverflowed(): ClientId[];
}

/** Somebody who can be told something. */
export interface Recipient {
  /** As an inbox's `put`. */
  tell(parcel: Parcel): Put;
  dismiss(last?: Parcel): void;
}

/** How long those may catch up who read, but not as fast as the others write. */
const PAUSE_MS = 1;
/** How many pauses there may be a second, and in a row: slow readers cannot stop the others. */
const PAUSES = { rate: 250, burst: 100 };

/** Somebody who has something to write. */
export interface Writer {
  /** Writes what can be written at once; the rest is left to its task. */
  flush(): void;
}

/** How many are written to before others have their turn. */
const FLUSHES = 64;

/** The clients of this thread. */
export class LocalAudience implements Audience {
  readonly #disconnectsSlow: boolean;
  #recipients = new Map<ClientId, Recipient>();
  #overflowed = new Set<ClientId>();
  #isTight = false;
  #pauses = new FloodBudget(PAUSES, 0);
  #writers: Writer[] = [];
  readonly #posted = new Notify();

  constructor(slowReader: "drop" | "disconnect") {
    this.#disconnectsSlow = slowReader === "disconnect";
  }

  /** Tells `recipient` from now on what is meant for `id`. */
  attach(id: ClientId, recipient: Recipient): void {
    this.#recipients.set(id, recipient);
  }

  /** Somebody has been told something and has not written it yet. */
  post(writer: Writer): void {
    this.#writers.push(writer);
    if (this.#writers.length === 1) this.#posted.notifyOne();
  }

  /**
   * Lets them write, for ever: one after the other in one task, once everything is said. With a task
   * woken for each of five hundred, a line cost twice as much, and went out in smaller pieces.
   */
  *run(): Co<never> {
    for (;;) {
      while (this.#writers.length === 0) yield* this.#posted.notified();
      const writers = this.#writers;
      this.#writers = [];
      for (let i = 0; i < writers.length; i++) {
        writers[i].flush();
        if (i % FLUSHES === FLUSHES - 1) yield* yieldNow();
      }
    }
  }

  detach(id: ClientId): void {
    this.#recipients.delete(id);
  }

  tell(to: readonly ClientId[], parcel: Parcel, except: ClientId | undefined): void {
    for (const id of to) {
      if (id === except) continue;
      const put = this.#recipients.get(id)?.tell(parcel);
      if (put === "tight") this.#isTight = true;
      else if (put === "dropped" && this.#disconnectsSlow) this.#overflowed.add(id);
    }
  }

  dismiss(id: ClientId, last?: Parcel): void {
    this.#recipients.get(id)?.dismiss(last);
  }

  catchUp(): Waits {
    return this.#isTight ? this.#pause() : undefined;
  }

  takeOverflowed(): ClientId[] {
    if (this.#overflowed.size === 0) return [];
    const ids = [...this.#overflowed];
    this.#overflowed.clear();
    return ids;
  }

  *#pause(): Co<void> {
    if (this.#pauses.tryTake(1, now())) yield* sleep(PAUSE_MS);
    this.#isTight = false;
  }
}
