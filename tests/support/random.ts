/** Whole numbers from `least` to `most`, both included; the same seed gives the same ones. */
export type Draw = (least: number, most: number) => number;

/** Mulberry32: small, and good enough to choose sizes and moments. */
export function seeded(seed: number): Draw {
  let state = seed;
  return (least, most) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return least + ((mixed ^ (mixed >>> 14)) >>> 0) % (most - least + 1);
  };
}
