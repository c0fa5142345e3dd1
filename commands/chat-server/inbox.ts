import { Notify } from "../../runtime/mod.ts";
import type { Ledger } from "./ledger.ts";
import { type Parcel, parcel } from "./parcel.ts";
import { counted, notice } from "./wording.ts";

/** How a parcel fared: it went in, it went in and little more will, or it was dropped. */
export type Put = "taken" | "tight" | "dropped";

/** From how much of its lines on an inbox is tight. */
const TIGHT_SHARE = 0.5;
/** How often an inbox that nobody takes from says so. */
const MOST_COMPLAINTS = 8;

/**
 * What one client has been told and has not read: at most so many lines.
 *
 * A parcel goes in whole while there is room for one line. What comes after that is dropped and
 * counted, and a line in its place says how many. Putting never waits, so nobody waits for a slow
 * reader.
 */
export class Inbox {
  readonly #capacity: number;
  readonly #ledger: Ledger;
  readonly #changed = new Notify();
  readonly #onFirst: () => void;
  #parcels: Parcel[] = [];
  #lines = 0;
  #missed = 0;
  #closed = false;
  #complaints = 0;

  /** @param onFirst called when something lies in it again, in the place of waking who waits */
  constructor(capacity: number, ledger: Ledger, onFirst?: () => void) {
    this.#capacity = capacity;
    this.#ledger = ledger;
    this.#onFirst = onFirst ?? (() => this.wake());
  }

  /** How many lines wait. */
  get length(): number {
    return this.#lines;
  }

  /** Whether nothing more will be put in. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Puts a parcel in, if there is room for it.
   *
   * "tight" asks the sender for a short pause, in which a client that reads can catch up. One that
   * does not read asks a few times, and then no more until it has taken something.
   */
  put(parcel: Parcel): Put {
    const { lines } = parcel;
    if (this.#closed) {
      this.#ledger.told += lines;
      this.#ledger.gone += lines;
      return "taken";
    }
    if (this.#lines >= this.#capacity) {
      this.#ledger.told += lines;
      this.#ledger.dropped += lines;
      this.#missed += lines;
      return "dropped";
    }
    this.#addAlways(parcel);
    if (this.#lines < this.#capacity * TIGHT_SHARE) return "taken";
    return this.#complaints++ < MOST_COMPLAINTS ? "tight" : "taken";
  }

  /** Takes everything, oldest first; how many lines were missed stands at the end. */
  takeAll(): Parcel[] {
    this.#confessMissed();
    const parcels = this.#parcels;
    this.#parcels = [];
    this.#lines = 0;
    this.#complaints = 0;
    return parcels;
  }

  /** Waits for something to take, or for the end. For one who waits. */
  changed(): ReturnType<Notify["notified"]> {
    return this.#changed.notified();
  }

  /** Wakes who waits. */
  wake(): void {
    this.#changed.notifyOne();
  }

  /** Nothing more will be put in, after `last`, for which there is room always. */
  close(last?: Parcel): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#confessMissed();
    if (last !== undefined) this.#addAlways(last);
    this.wake();
  }

  /** The client is gone, and nobody will take what is left. */
  discard(): void {
    this.#closed = true;
    this.#ledger.gone += this.#lines;
    this.#parcels = [];
    this.#lines = 0;
    this.#missed = 0;
  }

  /** Behind what was dropped there is a line that says so. */
  #confessMissed(): void {
    if (this.#missed === 0) return;
    const missed = counted(this.#missed, "line");
    this.#missed = 0;
    this.#addAlways(parcel([notice(`you missed ${missed}: you read too slowly`)]));
  }

  #addAlways(parcel: Parcel): void {
    this.#ledger.told += parcel.lines;
    this.#parcels.push(parcel);
    this.#lines += parcel.lines;
    if (this.#parcels.length === 1) this.#onFirst();
  }
}
