import {
  simulate,
  type Simulated,
  SimulationFailed,
  type SimulationOptions,
} from "wakeful/testing";
import type { Scenario } from "./scenario.ts";

/** How a run of one seed ended. */
export type Ran = Simulated<void> | SimulationFailed;

/** Which faults happen, by the order of drawing; all of them when it is left out. */
export type Kept = readonly number[];

/** How the choice of faults is typed. */
export function showKept(faults: Kept): string {
  return faults.length === 0 ? "none" : faults.join(",");
}

/** The command that shows a run again. */
export function replayCommand({ name }: Scenario, seed: number, faults?: Kept): string {
  const command = `deno task sim --scenario ${name} --seed ${seed}`;
  return faults === undefined ? command : `${command} --faults ${showKept(faults)}`;
}

/** Runs a scenario with one seed. */
export async function runSeed(scenario: Scenario, seed: number, faults?: Kept): Promise<Ran> {
  const options: SimulationOptions = {
    seed,
    limit: scenario.limit,
    keepFault: (index) => faults?.includes(index) ?? true,
    replay: (seed) => replayCommand(scenario, seed, faults),
  };
  try {
    return await simulate(options, (world) => scenario.run(world));
  } catch (error) {
    if (error instanceof SimulationFailed) return error;
    throw error;
  }
}

/** Runs a scenario with each of the seeds up to the first that fails, which it answers. */
export async function runSeeds(
  scenario: Scenario,
  seeds: Iterable<number>,
): Promise<SimulationFailed | undefined> {
  for (const seed of seeds) {
    const ran = await runSeed(scenario, seed);
    if (ran instanceof SimulationFailed) return ran;
  }
}

/** `count` seeds from `first` on. */
export function* seedsFrom(first: number, count = Infinity): Generator<number> {
  for (let seed = first; seed < first + count; seed++) yield seed;
}

/** What is left of a failure when everything has gone that it does not need. */
export interface Minimal {
  /** The faults that matter, by the order of drawing. */
  readonly faults: Kept;
  readonly failure: SimulationFailed;
  /** How many runs it took to find out. */
  readonly runs: number;
}

/**
 * Finds a smallest set of faults with which the seed still fails: without any one of them, it goes
 * through.
 *
 * Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input",
 * 2002): tries parts of the set, then what is left without each part, in ever smaller parts.
 */
export async function minimise(scenario: Scenario, failure: SimulationFailed): Promise<Minimal> {
  const { seed, faults } = failure.circumstances;
  const smallest = new Smallest(scenario, seed);
  return await smallest.find([...faults.keys()], failure);
}

class Smallest {
  #scenario: Scenario;
  #seed: number;
  #runs = 0;

  constructor(scenario: Scenario, seed: number) {
    this.#scenario = scenario;
    this.#seed = seed;
  }

  async find(all: Kept, failure: SimulationFailed): Promise<Minimal> {
    let found = await this.#withOnly([]) ?? { faults: all, failure, runs: this.#runs };
    for (let parts = 2; found.faults.length > 0;) {
      const smaller = await this.#smaller(found.faults, parts);
      if (smaller !== undefined) {
        parts = Math.max(2, Math.min(parts - 1, smaller.faults.length));
        found = smaller;
      } else if (parts >= found.faults.length) break;
      else parts = Math.min(2 * parts, found.faults.length);
    }
    return { ...found, runs: this.#runs };
  }

  /** The first part that fails alone, or whose complement does. */
  async #smaller(faults: Kept, parts: number): Promise<Minimal | undefined> {
    const pieces = split(faults, parts);
    const rests = pieces.map((piece) => faults.filter((fault) => !piece.includes(fault)));
    for (const candidate of [...pieces, ...rests]) {
      if (candidate.length === faults.length) continue;
      const found = await this.#withOnly(candidate);
      if (found !== undefined) return found;
    }
  }

  async #withOnly(faults: Kept): Promise<Minimal | undefined> {
    this.#runs++;
    const ran = await runSeed(this.#scenario, this.#seed, faults);
    if (ran instanceof SimulationFailed) return { faults, failure: ran, runs: this.#runs };
  }
}

/** In as many pieces of nearly the same length. */
function split<T>(items: readonly T[], parts: number): T[][] {
  const edge = (part: number) => Math.round(part * items.length / parts);
  return Array.from({ length: parts }, (_, part) => items.slice(edge(part), edge(part + 1)));
}
