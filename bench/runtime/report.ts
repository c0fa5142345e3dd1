/** The cases as two tables: ours beside its peers with the verdicts, and beside its variants. */
import { formatNumber } from "../harness/experiment.ts";
import type { Experiment } from "../harness/experiment.ts";
import { pairRatios, summarize } from "../harness/stats.ts";
import { markdownGrid, textGrid } from "../harness/table.ts";
import { judge, type Verdict } from "./bars.ts";
import type { Case } from "./cases.ts";
import { PEERS, VARIANTS } from "./contestants.ts";
import { METRIC, OURS } from "./names.ts";

export interface Result {
  played: Case;
  experiment: Experiment;
}

const RATIO_DIGITS = 2;
/** The case's title and its unit. */
const WORD_COLUMNS = 2;

export function textReport(results: Result[]): string {
  return tables(results).map(({ grid }) => textGrid(grid, WORD_COLUMNS)).join("\n\n");
}

export function markdownReport(results: Result[]): string {
  return tables(results).map(({ title, grid }) =>
    `### ${title}: median (min–max), × ${OURS}\n\n${markdownGrid(grid, WORD_COLUMNS)}`
  ).join("\n\n");
}

export function verdicts({ played, experiment }: Result): Verdict[] {
  return played.bars.map((bar) => judge(bar, experiment)).filter((verdict) =>
    verdict !== undefined
  );
}

interface Table {
  title: string;
  grid: string[][];
}

function tables(results: Result[]): Table[] {
  const variants = presentOf(VARIANTS, results);
  const beside = { title: "Beside its peers", grid: peerGrid(results) };
  if (variants.length === 0) return [beside];
  return [beside, { title: "Beside its variants", grid: variantGrid(results, variants) }];
}

function peerGrid(results: Result[]): string[][] {
  const peers = presentOf(PEERS, results);
  return [
    ["case", "unit", OURS, ...peers, "bar", "measured"],
    ...results.flatMap((result) => judgedRows(row(result, peers), verdicts(result))),
  ];
}

function variantGrid(results: Result[], variants: string[]): string[][] {
  const varied = results.filter(({ experiment }) =>
    variants.some((name) => name in experiment.samples)
  );
  return [
    ["case", "unit", OURS, ...variants],
    ...varied.map((result) => row(result, variants)),
  ];
}

function presentOf(names: string[], results: Result[]): string[] {
  return names.filter((name) => results.some(({ experiment }) => name in experiment.samples));
}

/** The first bar stands beside the figures, each further one in a row of its own. */
function judgedRows(figures: string[], verdicts: Verdict[]): string[][] {
  const [first, ...others] = verdicts.map(({ bar, measured, passed }) => [
    bar,
    `${formatNumber(measured, RATIO_DIGITS)} ${passed ? "PASS" : "MISS"}`,
  ]);
  const blanks = figures.map(() => "");
  return [
    [...figures, ...first ?? ["", ""]],
    ...others.map((verdict) => [...blanks, ...verdict]),
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
