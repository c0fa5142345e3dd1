/** Medians, and ratios between runs that were made side by side. */

export interface Summary {
  median: number;
  min: number;
  max: number;
}

export function summarize(values: number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  const lower = (sorted.length - 1) >> 1;
  return {
    median: (sorted[lower] + sorted[upper]) / 2,
    min: sorted[0],
    max: sorted[sorted.length - 1],
  };
}

/**
 * The ratio of each run to the baseline's run beside it. Neighbours share the machine's mood, so
 * their ratio is steadier than the ratio of two medians. Undefined where the baseline has a zero.
 */
export function pairRatios(values: number[], baseline: number[]): Summary | undefined {
  if (baseline.includes(0)) return undefined;
  return summarize(values.map((value, run) => value / baseline[run]));
}
