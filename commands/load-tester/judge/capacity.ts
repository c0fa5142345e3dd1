import type { Co } from "../../../runtime/mod.ts";

/** What one rate has come to. */
export interface Probe {
  /** Requests per second. */
  readonly rate: number;
  readonly met: boolean;
  /** Whether nearly all that was due was answered. */
  readonly keptUp: boolean;
  /** What the goal is about, as measured. */
  readonly value: number;
  /** Answers per second. */
  readonly throughput: number;
}

/** The highest rate that meets a goal, as far as probing can tell. */
export interface Capacity {
  /** 0 when no rate that was tried meets it; not confirmed when the search was ended early. */
  readonly rate: number;
  /** The lowest rate that was seen to miss it; none when none did. */
  readonly failedAt: number | undefined;
  readonly confirmed: { readonly met: number; readonly of: number };
  /** All that was tried, in order. */
  readonly probes: readonly Probe[];
}

/** Loads the server with a rate for a while. */
export type TryRate = (rate: number) => Co<Probe>;

/** Of what a server answers when it is asked as fast as it answers, the share to begin with. */
const FIRST_SHARE = 0.8;
/** Beyond what it answers by so much it cannot keep up for long. */
const CEILING_SHARE = 1.1;
/** The search ends when the rates that do and do not meet the goal are this close. */
const CLOSE_ENOUGH = 1.02;
const LOWEST_RATE = 0.5;
/** A server that is never the same twice shall not keep anybody for ever. */
const MOST_PROBES = 30;
/** How many windows a rate has to stand, and how many of them it may miss. */
const CONFIRM_WINDOWS = 3;
const CONFIRMED_BY = 2;
/** A rate that does not stand them is lowered by so much, so many times. */
const STEP_DOWN = 0.97;
const MOST_STEPS_DOWN = 8;

/**
 * Searches for the highest rate that meets a goal: down from near what the server answers at most
 * until one meets it, then halving the distance to the lowest that does not, then windows at the
 * rate that was found. Neither one lucky window nor one unlucky one makes an answer: the rate that
 * was missed last is tried once more before it counts.
 *
 * @param most answers per second when each client asks again at once
 * @param goesOn whether somebody still waits for the answer
 */
export function* findCapacity(
  most: number,
  tryRate: TryRate,
  goesOn: () => boolean = () => true,
): Co<Capacity> {
  const search = new Search(tryRate, goesOn);
  yield* search.firstThatMeets(most * FIRST_SHARE);
  yield* search.narrow(most * CEILING_SHARE);
  return yield* search.confirm();
}

class Search {
  #tryRate: TryRate;
  #goesOn: () => boolean;
  #probes: Probe[] = [];
  #good = 0;
  #bad = Infinity;
  /** Whether the lowest rate that does not meet it was tried more than once. */
  #badIsSure = false;

  constructor(tryRate: TryRate, goesOn: () => boolean) {
    this.#tryRate = tryRate;
    this.#goesOn = goesOn;
  }

  *firstThatMeets(rate: number): Co<void> {
    for (; rate >= LOWEST_RATE && this.#goesOn(); rate /= 2) {
      if (yield* this.#meets(rate)) return;
    }
  }

  *narrow(ceiling: number): Co<void> {
    if (this.#good === 0) return;
    while (this.#goesOn() && this.#probes.length < MOST_PROBES) {
      const bad = Math.min(this.#bad, ceiling);
      if (bad / this.#good > CLOSE_ENOUGH) yield* this.#meets(Math.sqrt(this.#good * bad));
      else if (this.#bad === Infinity || this.#badIsSure) return;
      else this.#badIsSure = !(yield* this.#meets(this.#bad));
    }
  }

  *confirm(): Co<Capacity> {
    for (let steps = 0; this.#good > 0 && steps < MOST_STEPS_DOWN; steps++) {
      const rate = this.#good;
      let met = 0;
      if (!this.#goesOn()) return this.#found(rate, met);
      for (let i = 0; i < CONFIRM_WINDOWS; i++) if (yield* this.#meets(rate)) met++;
      if (met >= CONFIRMED_BY) return this.#found(rate, met);
      this.#bad = Math.min(this.#bad, rate);
      this.#good = rate * STEP_DOWN;
    }
    return this.#found(0, 0);
  }

  #found(rate: number, met: number): Capacity {
    const failedAt = this.#bad === Infinity ? undefined : this.#bad;
    return { rate, failedAt, confirmed: { met, of: CONFIRM_WINDOWS }, probes: this.#probes };
  }

  *#meets(rate: number): Co<boolean> {
    const probe = yield* this.#tryRate(rate);
    this.#probes.push(probe);
    if (probe.met) {
      this.#good = Math.max(this.#good, rate);
      if (rate >= this.#bad) this.#bad = Infinity;
    } else if (rate > this.#good && rate < this.#bad) {
      this.#bad = rate;
      this.#badIsSure = false;
    }
    return probe.met;
  }
}
