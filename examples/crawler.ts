/**
 * Fetches many pages, at most ten at once, and shows what came of each: fan-out and fan-in.
 *
 *   deno run --allow-net examples/crawler.ts https://example.com https://deno.com
 *
 * You see a table of URL, status, bytes and latency in the order of the arguments, and a total. A
 * page that cannot be fetched is a row like the others.
 */

import { blockOn, type Co, fanOut, fromPromise, type Future, now, timeout } from "wakeful/runtime";

const AT_ONCE = 10;
const PATIENCE_MS = 10_000;

/** What a server has answered. */
export interface Page {
  readonly status: number;
  readonly bytes: number;
}

export interface Row {
  readonly url: string;
  readonly milliseconds: number;
  readonly result: Page | Error;
}

/** Fetches one page; dropping the future aborts the request. */
export function visit(url: string): Future<Page> {
  return fromPromise(async (signal) => {
    const response = await fetch(url, { signal });
    const { byteLength } = await response.arrayBuffer();
    return { status: response.status, bytes: byteLength };
  });
}

/** One row for each URL, in the same order. */
export function* crawl(
  urls: readonly string[],
  fetchPage: (url: string) => Future<Page> | Co<Page> = visit,
): Co<Row[]> {
  function* timed(url: string): Co<Row> {
    const begin = now();
    const result = yield* attempt(timeout(PATIENCE_MS, fetchPage(url), "an answer"));
    return { url, milliseconds: Math.round(now() - begin), result };
  }
  using pages = fanOut(urls, timed, { limit: AT_ONCE, order: "input" });
  return yield* pages.collect();
}

function* attempt(page: Future<Page>): Co<Page | Error> {
  try {
    return yield* page;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The rows as text, in columns, and the total below them. */
export function table(rows: readonly Row[], milliseconds: number): string[] {
  const cells = [["URL", "STATUS", "BYTES", "LATENCY"], ...rows.map(cellsOf)];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  const pages = rows.flatMap(({ result }) => result instanceof Error ? [] : [result]);
  const bytes = pages.reduce((sum, page) => sum + page.bytes, 0);
  return [
    ...cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")),
    `${pages.length} of ${rows.length} answered, ${bytes} bytes in ${milliseconds} ms`,
  ];
}

function cellsOf({ url, milliseconds, result }: Row): string[] {
  const latency = `${milliseconds} ms`;
  if (result instanceof Error) return [url, "failed", "-", `${latency}  ${result.message}`];
  return [url, `${result.status}`, `${result.bytes}`, latency];
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

if (import.meta.main) {
  const wrong = Deno.args.find((text) => !isWebAddress(text));
  if (Deno.args.length === 0 || wrong !== undefined) {
    const what = wrong === undefined ? "nothing" : `"${wrong}"`;
    console.error(`crawler: expected URLs that begin with http:// or https://, got ${what}`);
    Deno.exit(2);
  }
  await blockOn(function* () {
    const begin = now();
    const rows = yield* crawl(Deno.args);
    for (const line of table(rows, Math.round(now() - begin))) console.log(line);
  });
}
