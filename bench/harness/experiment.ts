/** Interleaved runs of several subjects, and the table that compares them. */
import { pairRatios, summarize, type Summary } from "./stats.ts";

/** One measured quantity: its key in a sample, its title in a table, its digits after the point. */
export interface Metric {
  key: string;
  title: string;
  digits: number;
}

/** One run of one subject: a number for each metric. */
export type Sample = Record<string, number>;

/** On a machine that never falls quiet, the last attempt counts: its figures say how it was. */
const REDO_LIMIT = 3;

export interface Plan<S extends { name: string }> {
  title: string;
  metrics: Metric[];
  subjects: S[];
  runs: number;
  measure(subject: S): Promise<Sample>;
  /** Whether the machine spoilt the run, so that it is announced as such and redone. */
  spoilt?(sample: Sample): boolean;
}

export interface Experiment {
  title: string;
  metrics: Metric[];
  /** The samples of each subject, in the order of the runs. */
  samples: Record<string, Sample[]>;
  /** How many runs were spoilt and redone. */
  redone: number;
}

export interface Row {
  metric: Metric;
  subject: string;
  value: Summary;
  /** Against the baseline; undefined for the baseline itself, or where it measured zero. */
  ratio?: Summary;
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
  for (let redone = 0;; redone++) {
    const sample = await plan.measure(subject);
    const again = redone < REDO_LIMIT && plan.spoilt?.(sample) === true;
    const note = again ? "spoilt, redone: " : "";
    console.error(`${label}, ${subject.name}: ${note}${inline(plan.metrics, sample)}`);
    if (!again) return { sample, redone };
  }
}

/** One row for each metric and subject. */
export function compare({ metrics, samples }: Experiment, baseline: string): Row[] {
  const values = (subject: string, key: string) => samples[subject].map((sample) => sample[key]);
  return metrics.flatMap((metric) =>
    Object.keys(samples).map((subject) => {
      const own = values(subject, metric.key);
      const ratio = subject === baseline
        ? undefined
        : pairRatios(own, values(baseline, metric.key));
      return { metric, subject, value: summarize(own), ratio };
    })
  );
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
