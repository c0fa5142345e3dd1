const HIGH_BITS = 21;
const WORD = 2 ** 32;

/** A seed that nobody chose: a whole number of 53 random bits. */
export function freshSeed(): number {
  const [low, high] = crypto.getRandomValues(new Uint32Array(2));
  return (high >>> (32 - HIGH_BITS)) * WORD + low;
}
