/** What has to be reached, and whether it was. */
import type { Experiment } from "../harness/experiment.ts";
import { pairRatios, summarize } from "../harness/stats.ts";
import { METRIC, OURS } from "./names.ts";

/**
 * One demand on a case: under a figure, at most so many times another's, or so many times faster
 * than another. `by` names the variant of ours it is made on.
 */
export type Bar =
  & { by?: string }
  & ({ under: number } | { most: number; of: string } | { faster: number; than: string });

/** A bar beside what was measured. */
export interface Verdict {
  bar: string;
  measured: number;
  passed: boolean;
}

/** Undefined when somebody it compares was not there. */
export function judge(bar: Bar, experiment: Experiment): Verdict | undefined {
  const { by = OURS } = bar;
  const subject = by === OURS ? "" : `${by} `;
  if ("under" in bar) {
    const measured = median(experiment, by);
    if (measured === undefined) return;
    return { bar: `${subject}< ${bar.under}`, measured, passed: measured < bar.under };
  }
  if ("most" in bar) {
    const measured = ratio(experiment, by, bar.of);
    if (measured === undefined) return;
    return { bar: `${subject}≤ ${bar.most} × ${bar.of}`, measured, passed: measured <= bar.most };
  }
  const measured = ratio(experiment, bar.than, by);
  if (measured === undefined) return;
  const words = `${subject}≥ ${bar.faster} × faster than ${bar.than}`;
  return { bar: words, measured, passed: measured >= bar.faster };
}

function median({ samples }: Experiment, name: string): number | undefined {
  return samples[name] && summarize(values(samples[name])).median;
}

/** The median of the ratios of runs that were made one after the other. */
function ratio({ samples }: Experiment, name: string, to: string): number | undefined {
  if (!samples[name] || !samples[to]) return undefined;
  return pairRatios(values(samples[name]), values(samples[to]))?.median;
}

function values(samples: Experiment["samples"][string]): number[] {
  return samples.map((sample) => sample[METRIC]);
}
