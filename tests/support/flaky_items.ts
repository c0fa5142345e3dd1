import { type Context, End, Future, type Item, Items, Pending, type Poll } from "wakeful/runtime";
import type { Waker } from "wakeful/runtime";

/** Keeps the wakers of everything that waits, until the test lets it go on. */
export class Ticker {
  #kept: Waker[] = [];

  keep(waker: Waker): void {
    this.#kept.push(waker.clone());
  }

  /** Wakes all that wait. */
  tick(): void {
    for (const waker of this.#kept.splice(0)) waker.wake();
  }
}

/** Says how often to wait before each item: the pattern over and over. */
export type Delays = readonly number[];

/** Items, or an error after them, that make their consumer wait now and then. */
export class FlakyItems<T> extends Items<T> {
  dropped = 0;
  #index = 0;
  #waits = 0;
  #finished = false;

  constructor(
    readonly values: readonly T[],
    readonly delays: Delays,
    readonly ticker: Ticker,
    readonly failure?: Error,
  ) {
    super();
  }

  pollNext(cx: Context): Poll<Item<T>> {
    if (this.#finished || this.dropped > 0) throw new Error("polled after its end");
    if (this.#waits++ < this.delays[this.#index % this.delays.length]) {
      this.ticker.keep(cx.waker);
      return Pending;
    }
    this.#waits = 0;
    if (this.#index < this.values.length) return this.values[this.#index++];
    this.#finished = true;
    if (this.failure !== undefined) throw this.failure;
    return End;
  }

  override drop(): void {
    this.dropped++;
  }
}

/** How many pieces of work were begun, and how they ended. */
export class WorkLedger {
  begun = 0;
  finished = 0;
  dropped = 0;
  most = 0;

  get running(): number {
    return this.begun - this.finished - this.dropped;
  }
}

/** Work that waits `waits` times and gives `value`. */
export class FlakyWork<T> extends Future<T> {
  #begun = false;
  #ended = false;
  #waits: number;

  constructor(
    readonly value: T,
    waits: number,
    readonly ticker: Ticker,
    readonly ledger: WorkLedger,
  ) {
    super();
    this.#waits = waits;
  }

  poll(cx: Context): Poll<T> {
    if (this.#ended) throw new Error("polled after its end");
    this.#begin();
    if (this.#waits-- > 0) {
      this.ticker.keep(cx.waker);
      return Pending;
    }
    this.#ended = true;
    this.ledger.finished++;
    return this.value;
  }

  override drop(): void {
    if (this.#ended) throw new Error("dropped after its end");
    this.#begin();
    this.#ended = true;
    this.ledger.dropped++;
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.ledger.begun++;
    this.ledger.most = Math.max(this.ledger.most, this.ledger.running);
  }
}
