/** The cases as two tables: ours beside its peers with the verdicts, and beside its variants. */
import { formatNumber } from "../harness/experiment.ts";
import type { Experiment } from "../harness/experiment.ts";
import { pairRatios, summarize } from "../harness/stats.ts";
import { markdownGrid, textGrid } from "../harness/table.ts";
import { judge, type Verdict } from "./bars.ts";
import type { Case } from "./cases.ts";
import { METRIC, OURS, PEERS, VARIANTS } from "./contestants.ts";

export interface Result {
  played: Case;
  experiment: Experiment;
}

const RATIO_DIGITS = 2;
/** The case's title and its unit. */
const WORD_COLUMNS = 2;

export function textReport(results: Result[]): string {
  const [peers, variants] = grids(results);
  return [textGrid(peers, WORD_COLUMNS), textGrid(variants, WORD_COLUMNS)].join("\n\n");
}

export function markdownReport(results: Result[]): string {
  const [peers, variants] = grids(results);
  return [
    "### Beside its peers: median (min–max), × wakeful",
    markdownGrid(peers, WORD_COLUMNS),
    "### Beside its variants: median (min–max), × wakeful",
    markdownGrid(variants, WORD_COLUMNS),
  ].join("\n\n");
}

export function verdicts({ played, experiment }: Result): Verdict[] {
  return played.bars.map((bar) => judge(bar, experiment)).filter((verdict) =>
    verdict !== undefined
  );
}

function grids(results: Result[]): [string[][], string[][]] {
  const head = ["case", "unit", OURS];
  const varied = results.filter(({ experiment }) =>
    VARIANTS.some((name) => name in experiment.samples)
  );
  return [
    [
      [...head, ...PEERS, "bars"],
      ...results.map((result) => [...row(result, PEERS), verdictCell(result)]),
    ],
    [[...head, ...VARIANTS], ...varied.map((result) => row(result, VARIANTS))],
  ];
}

function row({ played, experiment }: Result, others: string[]): string[] {
  const cells = [OURS, ...others].map((name) => cell(played, experiment, name));
  return [played.title, played.unit, ...cells];
}

function cell({ digits }: Case, { samples }: Experiment, name: string): string {
  if (samples[name] === undefined) return "–";
  const values = samples[name].map((sample) => sample[METRIC]);
  const { median, min, max } = summarize(values);
  const [middle, low, high] = [median, min, max].map((value) => formatNumber(value, digits));
  const spread = `${middle} (${low}–${high})`;
  if (name === OURS || samples[OURS] === undefined) return spread;
  const ratio = pairRatios(values, samples[OURS].map((sample) => sample[METRIC]));
  return ratio === undefined ? spread : `${spread} ×${formatNumber(ratio.median, RATIO_DIGITS)}`;
}

function verdictCell(result: Result): string {
  return verdicts(result).map(({ bar, measured, passed }) => {
    const figure = formatNumber(measured, RATIO_DIGITS);
    return `${passed ? "PASS" : "MISS"} ${figure} (${bar})`;
  }).join("; ");
}
