const WORD = 2 ** 32;

/**
 * Chance from a seed: the same seed draws the same numbers, everywhere.
 *
 * The generator is xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", 2021), filled by SplitMix32. It is quick and even; it is not for secrets.
 *
 * @example
 * ```ts
 * import { Random } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const [one, other] = [new Random(7), new Random(7)];
 * assertEquals([one.below(6), one.below(6)], [other.below(6), other.below(6)]);
 * ```
 */
export class Random {
  readonly #state = new Int32Array(4);

  /** @param seed a whole number; its low 53 bits count */
  constructor(readonly seed: number) {
    if (!Number.isSafeInteger(seed)) {
      throw new RangeError(`Expected a whole number as seed, got ${seed}`);
    }
    let mix = (seed | 0) ^ Math.imul(Math.floor(seed / WORD), 0x9e3779b1);
    for (let i = 0; i < this.#state.length; i++) {
      mix = (mix + 0x9e3779b9) | 0;
      let z = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      this.#state[i] = z ^ (z >>> 15);
    }
  }

  /** The next 32 bits, as a whole number from 0 up. */
  next(): number {
    const s = this.#state;
    const scrambled = Math.imul(rotate(Math.imul(s[1], 5), 7), 9);
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 11);
    return scrambled >>> 0;
  }

  /** A number from 0 up, always less than 1. */
  float(): number {
    return this.next() / WORD;
  }

  /** A whole number from 0 up, always less than `limit`. */
  below(limit: number): number {
    return Math.floor(this.float() * limit);
  }

  /** Whole numbers from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True in `probability` of all cases. */
  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** One of `choices`, each as likely as the others. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)];
  }

  /** A generator of its own, so that how much one part draws does not move what another gets. */
  fork(): Random {
    return new Random(this.next());
  }
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
