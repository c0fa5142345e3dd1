/** Which rounds count: those in which nothing disturbed whom they concern. */
import type { Sample } from "../harness/experiment.ts";
import { QUIET_PERCENT } from "../harness/quiet.ts";

/** The metric that tells what others took of the CPUs; idle runs have none, and always count. */
export const OTHERS = "othersPercent";

export interface Rounds {
  numbers: number[];
  /** Whether there is no quiet round at all, so that all count for want of better. */
  disturbed: boolean;
}

export function isQuiet(sample: Sample): boolean {
  return !(sample[OTHERS] > QUIET_PERCENT);
}

/** The rounds that were quiet for each of these servers. */
export function countingRounds(...servers: Sample[][]): Rounds {
  const all = servers[0].map((_, round) => round);
  const quiet = all.filter((round) => servers.every((samples) => isQuiet(samples[round])));
  return quiet.length > 0
    ? { numbers: quiet, disturbed: false }
    : { numbers: all, disturbed: true };
}

/** One metric of one server in these rounds. */
export function valuesIn({ numbers }: Rounds, samples: Sample[], metric: string): number[] {
  return numbers.map((round) => samples[round][metric]);
}
