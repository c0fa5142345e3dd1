import type { Random } from "../collections/random.ts";
import type { Runnable } from "../core/context.ts";

/** Whose turn is next. `Ring` is one: first come, first served. */
export interface RunQueue {
  readonly length: number;
  push(task: Runnable): void;
  shift(): Runnable | undefined;
}

/**
 * Tasks in an order drawn from a seed, for tests: each seed tries another interleaving.
 *
 * It goes in rounds: everything that is ready has its turn before anything that becomes ready
 * meanwhile, so no task is passed over for ever.
 */
export class ShuffledQueue implements RunQueue {
  #random: Random;
  #round: Runnable[] = [];
  #next: Runnable[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  get length(): number {
    return this.#round.length + this.#next.length;
  }

  push(task: Runnable): void {
    this.#next.push(task);
  }

  shift(): Runnable | undefined {
    if (this.#round.length === 0) [this.#round, this.#next] = [this.#next, this.#round];
    const round = this.#round;
    if (round.length === 0) return undefined;
    const chosen = this.#random.below(round.length);
    const task = round[chosen];
    round[chosen] = round[round.length - 1];
    round.pop();
    return task;
  }
}
