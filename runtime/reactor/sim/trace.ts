/** Something that happened in a simulation. */
export interface SimRecord {
  /** Milliseconds of the simulation's own time. */
  readonly at: number;
  readonly what: string;
  /** Where, and what is worth knowing. */
  readonly details: readonly (string | number)[];
}

/** How much of the past a failure can show. */
const KEPT_RECORDS = 64;

const FNV_PRIMES = [0x01000193, 0x01000197] as const;
const FNV_OFFSETS = [0x811c9dc5, 0x9dc5811c] as const;
const HEX_DIGITS = 8;

/**
 * What has happened, as one number and as the last few records.
 *
 * The hash is FNV-1a (Fowler, Noll, Vo), twice with different primes. Two runs that took the same
 * course have the same one; two that differ anywhere do not, for all practical purposes.
 */
export class SimTrace {
  #high: number = FNV_OFFSETS[0];
  #low: number = FNV_OFFSETS[1];
  #kept: SimRecord[] = [];
  #count = 0;

  /** How much has happened. */
  get count(): number {
    return this.#count;
  }

  /** The hash of everything so far, in hexadecimal. */
  get hash(): string {
    const hex = (word: number) => (word >>> 0).toString(16).padStart(HEX_DIGITS, "0");
    return hex(this.#high) + hex(this.#low);
  }

  note(at: number, what: string, ...details: (string | number)[]): void {
    this.#mixNumber(at);
    this.#mixText(what);
    for (const detail of details) {
      if (typeof detail === "number") this.#mixNumber(detail);
      else this.#mixText(detail);
    }
    this.#kept[this.#count++ % KEPT_RECORDS] = { at, what, details };
  }

  /** The latest records, oldest first. */
  recent(): SimRecord[] {
    const start = this.#count % KEPT_RECORDS;
    return [...this.#kept.slice(start), ...this.#kept.slice(0, start)];
  }

  #mixText(text: string): void {
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i));
    this.#mix(text.length);
  }

  /** Whole numbers and fractions to a millionth alike. */
  #mixNumber(number: number): void {
    const whole = Math.trunc(number);
    this.#mix(whole | 0);
    this.#mix((whole / 2 ** 32) | 0);
    this.#mix(Math.round((number - whole) * 1e6));
  }

  #mix(word: number): void {
    this.#high = Math.imul(this.#high ^ word, FNV_PRIMES[0]);
    this.#low = Math.imul(this.#low ^ word, FNV_PRIMES[1]);
    this.#low ^= this.#low >>> 15;
  }
}
