/** Grids of cells as text for a terminal, and as markdown. */

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
