/** One table for each case: a row for each server, and the verdicts beside the rows they judge. */
import { type Experiment, formatNumber, type Metric, type Sample } from "../harness/experiment.ts";
import { markdownGrid, textGrid } from "../harness/table.ts";
import { type Bar, judge, type Verdict } from "./bars.ts";
import { BASELINE } from "./lineup.ts";
import { isQuiet, ratioOf, summaryOf } from "./rounds.ts";

/** A metric as it stands in the table. */
export interface Column extends Metric {
  /** With its spread, and its ratio to the baseline beside it; otherwise the median alone. */
  compared?: boolean;
}

export interface Result {
  columns: Column[];
  experiment: Experiment;
  verdicts: Verdict[];
}

/** How the tables are to be read. */
export const LEGEND = `medians (min–max) of the runs that nobody disturbed; ~ where there was none
× ${BASELINE}: the median of the ratios within a round; ~ where none was quiet for both, \
– where ${BASELINE} has zero`;

const RATIO_DIGITS = 2;
const READABLE_WITHOUT_DIGITS = 100;
/** The server. */
const WORD_COLUMNS = 1;

export function judged(columns: Column[], experiment: Experiment, bars: Bar[]): Result {
  const verdicts = bars.map((bar) => judge(bar, experiment)).filter((found) => found !== undefined);
  return { columns, experiment, verdicts };
}

export function textReport(result: Result): string {
  return `${heading(result.experiment)}\n\n${textGrid(grid(result), WORD_COLUMNS)}`;
}

export function markdownReport(result: Result): string {
  return `### ${heading(result.experiment)}\n\n${markdownGrid(grid(result), WORD_COLUMNS)}`;
}

function heading({ title, redone }: Experiment): string {
  return redone === 0 ? title : `${title}; spoilt and redone: ${redone}`;
}

function grid(result: Result): string[][] {
  const { columns, experiment: { samples } } = result;
  const titles = columns.flatMap(({ title, compared }) =>
    compared ? [title, `× ${BASELINE}`] : [title]
  );
  const head = ["server", ...titles, "quiet runs"];
  const rows = Object.keys(samples).flatMap((server) => serverRows(server, result));
  return result.verdicts.length > 0 ? [[...head, "bar", "measured"], ...rows] : [head, ...rows];
}

/** The first verdict stands beside the figures, each further one in a row of its own. */
function serverRows(server: string, { columns, experiment, verdicts }: Result): string[][] {
  const { [server]: own, [BASELINE]: base } = experiment.samples;
  const figures = columns.flatMap((column) => cells(column, own, base));
  const row = [server, ...figures, `${own.filter(isQuiet).length}/${own.length}`];
  if (verdicts.length === 0) return [row];
  const [first = ["", ""], ...others] = verdicts.filter((verdict) => verdict.server === server)
    .map((verdict) => [verdict.bar, outcome(verdict)]);
  const blanks = row.map(() => "");
  return [[...row, ...first], ...others.map((verdict) => [...blanks, ...verdict])];
}

function outcome({ measured, passed, disturbed }: Verdict): string {
  const digits = measured < READABLE_WITHOUT_DIGITS ? RATIO_DIGITS : 0;
  const word = disturbed ? "unclear" : passed ? "PASS" : "MISS";
  return `${mark(disturbed)}${formatNumber(measured, digits)} ${word}`;
}

function cells(column: Column, own: Sample[], base: Sample[] | undefined): string[] {
  const { key, digits, compared = false } = column;
  const { found: { median, min, max }, disturbed } = summaryOf(own, key);
  const [middle, low, high] = [median, min, max].map((value) => formatNumber(value, digits));
  const shown = mark(disturbed) + middle;
  if (!compared) return [shown];
  const spread = min < max ? `${shown} (${low}–${high})` : shown;
  return [spread, base === undefined ? "–" : ratioCell(key, own, base)];
}

function ratioCell(key: string, own: Sample[], base: Sample[]): string {
  const { found, disturbed } = ratioOf(own, base, key);
  return found === undefined ? "–" : mark(disturbed) + formatNumber(found, RATIO_DIGITS);
}

function mark(disturbed: boolean): string {
  return disturbed ? "~" : "";
}
