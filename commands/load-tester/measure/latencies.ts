import {
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  Int32Histogram,
} from "hdr-histogram-js";

const MICROSECONDS_PER_MS = 1_000;
const LONGEST_US = 3_600_000_000;
const SIGNIFICANT_DIGITS = 3;
const BITS_PER_COUNT = 32;
const ALL = 100;

/** One bar of the picture of a distribution: how many lay above `from` and not above `to`. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * How long things took, in milliseconds, kept to three digits: the memory it takes does not depend
 * on how many there are. What took longer than an hour counts as an hour in the percentiles.
 */
export class Latencies {
  #histogram = new Int32Histogram(1, LONGEST_US, SIGNIFICANT_DIGITS);
  #sum = 0;
  #squares = 0;
  #max = 0;

  record(ms: number): void {
    this.#histogram.recordValue(microseconds(ms));
    this.#sum += ms;
    this.#squares += ms * ms;
    if (ms > this.#max) this.#max = ms;
  }

  /** So many that took no time at all. */
  recordNothing(count: number): void {
    if (count > 0) this.#histogram.recordValueWithCount(0, count);
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** The longest, exactly; 0 when there are none, as all the others. */
  get max(): number {
    return this.#max;
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.#sum / this.count;
  }

  /** The standard deviation. */
  get stdev(): number {
    const { count, mean } = this;
    return count === 0 ? 0 : Math.sqrt(Math.max(0, this.#squares / count - mean * mean));
  }

  /** What so many per cent of them do not exceed. */
  percentile(percent: number): number {
    if (this.count === 0) return 0;
    const value = this.#histogram.getValueAtPercentile(percent) / MICROSECONDS_PER_MS;
    return Math.min(value, this.#max);
  }

  add(other: Latencies): void {
    this.#histogram.add(other.#histogram);
    this.#sum += other.#sum;
    this.#squares += other.#squares;
    this.#max = Math.max(this.#max, other.#max);
  }

  /** Takes away what was added, or recorded in both; the longest is then known to three digits. */
  subtract(other: Latencies): void {
    this.#histogram.subtract(other.#histogram);
    this.#sum -= other.#sum;
    this.#squares -= other.#squares;
    const longest = this.count === 0 ? 0 : this.#histogram.getValueAtPercentile(ALL);
    this.#max = longest / MICROSECONDS_PER_MS;
  }

  /** How they lie between bounds, which rise; what lies above the last one is left out. */
  bars(bounds: readonly number[]): Bar[] {
    const histogram = this.#histogram;
    let index = 0;
    let from = 0;
    return bounds.map((to) => {
      const end = histogram.countsArrayIndex(microseconds(to));
      let count = 0;
      for (; index <= end; index++) count += histogram.getCountAtIndex(index);
      const bar = { from, to, count };
      from = to;
      return bar;
    });
  }

  encode(): EncodedLatencies {
    const hdr = encodeIntoCompressedBase64(this.#histogram);
    return { hdr, sum: this.#sum, squares: this.#squares, max: this.#max };
  }

  static decode({ hdr, sum, squares, max }: EncodedLatencies): Latencies {
    const decoded = new Latencies();
    const histogram = decodeFromCompressedBase64(hdr, BITS_PER_COUNT, false);
    decoded.#histogram.add(histogram as Int32Histogram); // what these options make
    decoded.#sum = sum;
    decoded.#squares = squares;
    decoded.#max = max;
    return decoded;
  }
}

/** What can be sent to another thread. */
export interface EncodedLatencies {
  /** The counts in the compressed format (V2) of HdrHistogram, values in microseconds. */
  readonly hdr: string;
  readonly sum: number;
  readonly squares: number;
  readonly max: number;
}

function microseconds(ms: number): number {
  return Math.min(Math.max(Math.round(ms * MICROSECONDS_PER_MS), 0), LONGEST_US);
}
