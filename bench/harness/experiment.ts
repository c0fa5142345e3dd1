/** Interleaved runs of several subjects. */

/** One measured quantity: its key in a sample, its title in a table, its digits after the point. */
export interface Metric {
  key: string;
  title: string;
  digits: number;
}

/** One run of one subject: a number for each metric. */
export type Sample = Record<string, number>;

/** A run is spoilt, and redone, when a metric that tells of others is above `most`. */
export interface Quiet {
  metric: string;
  most: number;
  /** So often at most; on a machine that never falls quiet the least disturbed attempt counts. */
  redo: number;
}

export interface Plan<S extends { name: string }> {
  title: string;
  metrics: Metric[];
  subjects: S[];
  runs: number;
  measure(subject: S): Promise<Sample>;
  /** When a run is spoilt by the machine; without it every run counts as it is. */
  quiet?: Quiet;
}

export interface Experiment {
  title: string;
  metrics: Metric[];
  /** The samples of each subject, in the order of the runs. */
  samples: Record<string, Sample[]>;
  /** How many runs were spoilt and redone. */
  redone: number;
}

/** Runs A B A B …, so that a slow minute of the machine falls on every subject alike. */
export async function runInterleaved<S extends { name: string }>(
  plan: Plan<S>,
): Promise<Experiment> {
  const { title, metrics, subjects, runs } = plan;
  const samples = Object.fromEntries(subjects.map(({ name }) => [name, [] as Sample[]]));
  let redone = 0;
  for (let run = 1; run <= runs; run++) {
    for (const subject of subjects) {
      const attempts = await runOnce(plan, subject, `${title}, run ${run}/${runs}`);
      samples[subject.name].push(attempts.sample);
      redone += attempts.redone;
    }
  }
  return { title, metrics, samples, redone };
}

async function runOnce<S extends { name: string }>(plan: Plan<S>, subject: S, label: string) {
  const { metric = "", most = Infinity, redo = 0 } = plan.quiet ?? {};
  let best: Sample | undefined;
  for (let redone = 0;; redone++) {
    const sample = await plan.measure(subject);
    const again = sample[metric] > most && redone < redo;
    const note = again ? "spoilt, redone: " : "";
    console.error(`${label}, ${subject.name}: ${note}${inline(plan.metrics, sample)}`);
    if (best === undefined || !(sample[metric] >= best[metric])) best = sample;
    if (!again) return { sample: best, redone };
  }
}

export function formatNumber(value: number, digits: number): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function inline(metrics: Metric[], sample: Sample): string {
  return metrics.map(({ key, digits }) => `${key} ${formatNumber(sample[key], digits)}`).join(", ");
}
