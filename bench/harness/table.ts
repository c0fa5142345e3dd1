/** The comparison as text for a terminal, and as markdown. */
import { compare, type Experiment, formatNumber, type Row } from "./experiment.ts";
import type { Summary } from "./stats.ts";

const RATIO_DIGITS = 2;
const NUMERIC_COLUMN = 2;

export function textTable(experiment: Experiment, baseline: string): string {
  const table = cells(experiment, baseline);
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map((row) =>
    row.map((cell, column) => pad(cell, widths[column], column)).join("  ").trimEnd()
  );
  return [heading(experiment), ...lines].join("\n");
}

export function markdownTable(experiment: Experiment, baseline: string): string {
  const [head, ...body] = cells(experiment, baseline);
  const rule = head.map((_, column) => column < NUMERIC_COLUMN ? "---" : "---:");
  const lines = [head, rule, ...body].map((row) => `| ${row.join(" | ")} |`);
  return [`### ${heading(experiment)}`, "", ...lines].join("\n");
}

function heading({ title, redone }: Experiment): string {
  return redone === 0 ? title : `${title}, spoilt and redone: ${redone}`;
}

function cells(experiment: Experiment, baseline: string): string[][] {
  const head = ["", "server", "median (min–max)", `× ${baseline} (min–max)`];
  const rows = compare(experiment, baseline);
  return [head, ...rows.map((row, i) => rowCells(row, rows[i - 1], baseline))];
}

/** The metric's title stands on its first row only. */
function rowCells(row: Row, previous: Row | undefined, baseline: string): string[] {
  const { metric, subject, value, ratio } = row;
  const title = previous?.metric === metric ? "" : metric.title;
  return [title, subject, spread(value, metric.digits), ratioCell(subject, baseline, ratio)];
}

function ratioCell(subject: string, baseline: string, ratio?: Summary): string {
  if (subject === baseline) return "1";
  return ratio === undefined ? "–" : spread(ratio, RATIO_DIGITS);
}

function spread({ median, min, max }: Summary, digits: number): string {
  const [middle, low, high] = [median, min, max].map((value) => formatNumber(value, digits));
  return `${middle} (${low}–${high})`;
}

function pad(cell: string, width: number, column: number): string {
  return column < NUMERIC_COLUMN ? cell.padEnd(width) : cell.padStart(width);
}
