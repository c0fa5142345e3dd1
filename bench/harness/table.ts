/** The comparison as text for a terminal, and as markdown. */
import { compare, type Experiment, formatNumber, type Row } from "./experiment.ts";
import type { Summary } from "./stats.ts";

const RATIO_DIGITS = 2;
/** The metric's title and the server. */
const WORD_COLUMNS = 2;

export function textTable(experiment: Experiment, baseline: string): string {
  return [heading(experiment), textGrid(cells(experiment, baseline), WORD_COLUMNS)].join("\n");
}

export function markdownTable(experiment: Experiment, baseline: string): string {
  const grid = markdownGrid(cells(experiment, baseline), WORD_COLUMNS);
  return [`### ${heading(experiment)}`, "", grid].join("\n");
}

/** Rows of cells, aligned: words left, and the columns after them right. */
export function textGrid(rows: string[][], wordColumns: number): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const pad = (cell: string, column: number) =>
    column < wordColumns ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  return rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}

/** The same for markdown; the first row is the head. */
export function markdownGrid([head, ...body]: string[][], wordColumns: number): string {
  const rule = head.map((_, column) => column < wordColumns ? "---" : "---:");
  return [head, rule, ...body].map((row) => `| ${row.join(" | ")} |`).join("\n");
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
