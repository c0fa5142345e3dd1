/** The built-in type `cpu`: work for a processor, on a thread of the pool. */

import { aborted } from "../../../runtime/mod.ts";
import { Fatal } from "./handler.ts";

const DEFAULT_ITERATIONS = 1_000_000;
/** How often it looks whether it is to end. */
const ROUND = 100_000;
const [FACTOR, ADDEND] = [1_664_525, 1_013_904_223];

/** Draws so many pseudo-random numbers, one from the other, and answers the last. */
export function cpu({ iterations = DEFAULT_ITERATIONS }: { iterations?: unknown } = {}): number {
  if (typeof iterations !== "number" || !Number.isSafeInteger(iterations) || iterations < 0) {
    throw new Fatal("cpu: expected a whole number of iterations from 0 up");
  }
  let number = 1;
  for (let i = 0; i < iterations; i++) {
    number = (Math.imul(number, FACTOR) + ADDEND) >>> 0;
    if (i % ROUND === 0 && aborted()) throw new Error(`ended after ${i} iterations`);
  }
  return number;
}
