/** Which runs count: those that nothing disturbed. */
import type { Sample } from "../harness/experiment.ts";
import { QUIET_PERCENT } from "../harness/quiet.ts";
import { pairRatios, summarize, type Summary } from "../harness/stats.ts";

/** The metric that tells what others took of the CPUs; idle runs have none, and always count. */
export const OTHERS = "othersPercent";

/** A figure, and whether there was no quiet run to take it from, so that it says little. */
export interface Found<T> {
  found: T;
  disturbed: boolean;
}

export function isQuiet(sample: Sample): boolean {
  return !(sample[OTHERS] > QUIET_PERCENT);
}

/** One metric of one server: in its quiet runs, or in all where none was quiet. */
export function summaryOf(samples: Sample[], metric: string): Found<Summary> {
  const quiet = samples.filter(isQuiet);
  const disturbed = quiet.length === 0;
  const counting = disturbed ? samples : quiet;
  return { found: summarize(counting.map((sample) => sample[metric])), disturbed };
}

export function medianOf(samples: Sample[], metric: string): Found<number> {
  const { found: { median }, disturbed } = summaryOf(samples, metric);
  return { found: median, disturbed };
}

/**
 * How many times another's the metric of one is: the median of the ratios in the rounds that were
 * quiet for both, or where there is none the ratio of what is known of each. Undefined where the
 * other has zero.
 */
export function ratioOf(own: Sample[], other: Sample[], metric: string): Found<number | undefined> {
  const both = own.map((_, round) => round)
    .filter((round) => isQuiet(own[round]) && isQuiet(other[round]));
  if (both.length === 0) return { found: ratioOfMedians(own, other, metric), disturbed: true };
  const pick = (samples: Sample[]) => both.map((round) => samples[round][metric]);
  return { found: pairRatios(pick(own), pick(other))?.median, disturbed: false };
}

function ratioOfMedians(own: Sample[], other: Sample[], metric: string): number | undefined {
  const [ours, theirs] = [own, other].map((samples) => medianOf(samples, metric).found);
  return theirs === 0 ? undefined : ours / theirs;
}
