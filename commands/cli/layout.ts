/** How a page of `--help` is set: wrapped paragraphs, and tables whose last column wraps. */

/** A line of a table: some cells, then text that may need several lines. */
export interface Row {
  readonly cells: readonly string[];
  readonly text: string;
}

const INDENT = "  ";
const GAP = "  ";
/**
 * A cell wider than its column's cap gets a line to itself, so that one long flag cannot squeeze
 * all texts.
 */
const WIDEST_COLUMN = 30;

/**
 * Breaks text between words into lines of at most `width` characters; a longer word stays whole.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wrap("one two three", 7), ["one two", "three"]);
 * ```
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || longer.length <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line];
}

/** An indented, wrapped paragraph. */
export function paragraph(text: string, width: number): string[] {
  return wrap(text, width - INDENT.length).map((line) => INDENT + line);
}

/**
 * The width of each cell column that suits all rows; pass the rows of several tables to align
 * them.
 */
export function columnWidths(rows: readonly Row[]): number[] {
  const columns = Math.max(0, ...rows.map((row) => row.cells.length));
  return Array.from({ length: columns }, (_, column) => {
    const widths = rows.map((row) => row.cells[column]?.length ?? 0);
    return Math.max(0, ...widths.filter((width) => width <= WIDEST_COLUMN));
  });
}

/**
 * Sets one row; its text starts after the columns, below them when a cell is too wide for its
 * own.
 */
export function setRow(row: Row, columns: readonly number[], width: number): string[] {
  const padded = row.cells.map((cell, column) => cell.padEnd(columns[column]) + GAP);
  const head = INDENT + padded.join("");
  const textStart = columns.reduce((sum, column) => sum + column + GAP.length, INDENT.length);
  const [first, ...others] = wrap(row.text, width - textStart)
    .map((line) => " ".repeat(textStart) + line);
  const fits = head.length <= textStart;
  const start = fits ? [head + first.slice(textStart)] : [head, first];
  return [...start, ...others].map((line) => line.trimEnd());
}
