import { bucketOf, BUCKETS } from "./log_buckets.ts";

/** What happened in one slice of a run. */
export interface Slice {
  sent: number;
  ok: number;
  failed: number;
  bytes: number;
  /** How many ended with which latency, by the buckets of `log_buckets`. */
  latencies: Uint32Array;
}

const FIRST_WIDTH_MS = 100;
/** Past so many, slices are joined two by two: a picture has no room for more. */
const MOST_SLICES = 240;

/**
 * A run over time, in slices of one width. It grows to a length and then gets coarser, so that a
 * day takes no more memory than a minute.
 */
export class Timeline {
  #width = FIRST_WIDTH_MS;
  #slices: Slice[] = [];

  /** Milliseconds per slice. */
  get width(): number {
    return this.#width;
  }

  get slices(): readonly Readonly<Slice>[] {
    return this.#slices;
  }

  /** A request was begun, so many milliseconds after the run. */
  sent(at: number): void {
    this.#at(at).sent++;
  }

  /** An answer came. */
  answered(at: number, ok: boolean, latency: number, bytes: number): void {
    const slice = this.#at(at);
    if (ok) slice.ok++;
    else slice.failed++;
    slice.bytes += bytes;
    slice.latencies[bucketOf(latency)]++;
  }

  /** A request went wrong. */
  failed(at: number): void {
    this.#at(at).failed++;
  }

  /** Adds what happened at the same time elsewhere. */
  add(other: EncodedTimeline): void {
    const theirs = Timeline.#decode(other);
    while (this.#width < theirs.#width) this.#coarsen();
    while (theirs.#width < this.#width) theirs.#coarsen();
    theirs.#slices.forEach((slice, i) => join(this.#slice(i), slice));
  }

  encode(): EncodedTimeline {
    const slices = this.#slices.map((slice) => ({ ...slice, latencies: pairs(slice.latencies) }));
    return { width: this.#width, slices };
  }

  static #decode({ width, slices }: EncodedTimeline): Timeline {
    const timeline = new Timeline();
    timeline.#width = width;
    timeline.#slices = slices.map((slice) => {
      const latencies = new Uint32Array(BUCKETS);
      for (const [bucket, count] of slice.latencies) latencies[bucket] = count;
      return { ...slice, latencies };
    });
    return timeline;
  }

  #at(ms: number): Slice {
    let index = Math.max(0, Math.floor(ms / this.#width));
    while (index >= MOST_SLICES) {
      this.#coarsen();
      index = Math.floor(ms / this.#width);
    }
    return this.#slices[index] ?? this.#slice(index);
  }

  #slice(index: number): Slice {
    while (this.#slices.length <= index) this.#slices.push(emptySlice());
    return this.#slices[index];
  }

  #coarsen(): void {
    const finer = this.#slices;
    this.#width *= 2;
    this.#slices = [];
    finer.forEach((slice, i) => join(this.#slice(i >> 1), slice));
  }
}

/** What can be sent to another thread. */
export interface EncodedTimeline {
  readonly width: number;
  readonly slices: readonly EncodedSlice[];
}

/** A slice with those buckets that something is in. */
type EncodedSlice = Omit<Slice, "latencies"> & {
  readonly latencies: readonly (readonly [bucket: number, count: number])[];
};

function pairs(counts: Uint32Array): (readonly [bucket: number, count: number])[] {
  return Array.from(counts.entries()).filter(([, count]) => count > 0);
}

function emptySlice(): Slice {
  return { sent: 0, ok: 0, failed: 0, bytes: 0, latencies: new Uint32Array(BUCKETS) };
}

function join(into: Slice, other: Readonly<Slice>): void {
  into.sent += other.sent;
  into.ok += other.ok;
  into.failed += other.failed;
  into.bytes += other.bytes;
  for (let i = 0; i < BUCKETS; i++) into.latencies[i] += other.latencies[i];
}
