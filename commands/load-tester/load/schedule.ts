/** A stretch of time over which the rate goes evenly from one to another. */
export interface Stretch {
  /** Requests per second at its beginning. */
  readonly from: number;
  readonly to: number;
  /** In milliseconds; the last one may be without end. */
  readonly duration: number;
}

const MS_PER_SECOND = 1_000;
/** Sums of rates are off by less than this; a request that is due at the very end is not due. */
const ROUNDING = 1e-6;

/** A stretch and how much came before it. */
interface Placed extends Stretch {
  readonly begins: number;
  /** How many requests are due before it. */
  readonly before: number;
}

/**
 * When each request of an open run is due, in milliseconds since its start: it follows from the
 * rates alone, whatever the server does.
 *
 * They are due at whole milliseconds, as timers are: above 1,000 a second several at once. Anything
 * finer would be sent late by our own doing, and that would count as the server's latency.
 */
export class Schedule {
  #stretches: readonly Placed[];
  #duration: number;

  constructor(stretches: readonly Stretch[]) {
    let begins = 0;
    let before = 0;
    this.#stretches = stretches.map((stretch) => {
      const placed = { ...stretch, begins, before };
      begins += stretch.duration;
      before += dueWithin(stretch, stretch.duration);
      return placed;
    });
    this.#duration = begins;
  }

  /** How long it is; `Infinity` when it has no end. */
  get duration(): number {
    return this.#duration;
  }

  /** When the request with that number, from 0 up, is due. */
  due(number: number): number {
    const { from, to, duration, begins, before } = this.#stretches[this.stretchOf(number)];
    const n = (number - before) * MS_PER_SECOND;
    // n = from·t + (to − from)·t²/2d, solved for t in the form that also holds for a level rate.
    const slope = duration === Infinity ? 0 : (to - from) / duration;
    const within = n === 0 ? 0 : 2 * n / (from + Math.sqrt(from * from + 2 * slope * n));
    return Math.floor(begins + within + ROUNDING);
  }

  /** In which stretch it is due. */
  stretchOf(number: number): number {
    const last = this.#stretches.length - 1;
    let at = 0;
    while (at < last && number >= this.#stretches[at + 1].before) at++;
    return at;
  }

  /** How many are due before that moment. */
  dueBefore(moment: number): number {
    let due = 0;
    for (const stretch of this.#stretches) {
      const within = Math.min(moment - stretch.begins, stretch.duration);
      if (within > 0) due = stretch.before + dueWithin(stretch, within);
    }
    return Math.ceil(due - ROUNDING);
  }
}

function dueWithin({ from, to, duration }: Stretch, within: number): number {
  const slope = duration === Infinity ? 0 : (to - from) / duration;
  return (from * within + slope * within * within / 2) / MS_PER_SECOND;
}
