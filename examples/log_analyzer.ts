/**
 * Finds the requests that failed on the server's side, in a log of any size: a pipeline of
 * read → parse → filter → count, with bounded channels between, so that memory does not grow with
 * the file.
 *
 *   deno run examples/log_analyzer.ts                       # the sample below
 *   deno run --allow-read examples/log_analyzer.ts FILE     # a log of lines like those
 *
 * For each path that has answered 5xx you see how often, with which codes; then the total.
 */

import {
  blockOn,
  type Co,
  fromPromise,
  pipeline,
  type PipelineSource,
  type Sender,
} from "wakeful/runtime";

export const SAMPLE = [
  "GET /api/users 200",
  "POST /api/login 401",
  "GET /api/data 500",
  "GET /api/users 200",
  "GET /api/data 503",
  "POST /api/upload 500",
];

/** How many lines may wait between two stages. */
const CHANNEL = { capacity: 100 };
const READ_SIZE = 64 * 1024;
const REQUEST = /^(?<method>[A-Z]+) (?<path>\S+) (?<status>\d{3})$/;
const FIRST_SERVER_ERROR = 500;

interface Request {
  readonly path: string;
  readonly status: number;
}

/** What is known of the log so far. */
export class Report {
  #requests = 0;
  #failed = 0;
  #unreadable = 0;
  #codes = new Map<string, number[]>();

  /** One line as a request, if it is one. */
  parse(line: string): Request | undefined {
    const found = REQUEST.exec(line)?.groups;
    if (found === undefined) {
      if (line !== "") this.#unreadable++;
      return undefined;
    }
    this.#requests++;
    return { path: found.path, status: Number(found.status) };
  }

  count({ path, status }: Request): void {
    this.#failed++;
    const codes = this.#codes.get(path);
    if (codes === undefined) this.#codes.set(path, [status]);
    else codes.push(status);
  }

  /** The worst path first. */
  lines(): string[] {
    const paths = [...this.#codes].sort(([, a], [, b]) => b.length - a.length);
    const lines = paths.map(([path, codes]) =>
      `${path} ${codes.length} (${[...new Set(codes)].sort().join(", ")})`
    );
    lines.push(`${this.#failed} of ${this.#requests} requests failed`);
    if (this.#unreadable > 0) lines.push(`${this.#unreadable} lines are no requests`);
    return lines;
  }
}

function isServerError(request: Request | undefined): request is Request {
  return request !== undefined && request.status >= FIRST_SERVER_ERROR;
}

/** The report on lines from anywhere. */
export function* analyze(lines: PipelineSource<string>): Co<Report> {
  const report = new Report();
  yield* pipeline(lines, CHANNEL)
    .stage((line) => report.parse(line), CHANNEL)
    .filter(isServerError, CHANNEL)
    .run((request) => report.count(request));
  return report;
}

/** Sends the lines of a file, reading on only when there is room for them. */
export function linesOf(path: string): (out: Sender<string>) => Co<void> {
  return function* (out) {
    using file = Deno.openSync(path);
    const buffer = new Uint8Array(READ_SIZE);
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const n = yield* fromPromise(() => file.read(buffer));
      if (n === null) break;
      const lines = (rest + decoder.decode(buffer.subarray(0, n), { stream: true })).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines) yield* out.send(line);
    }
    yield* out.send(rest.trimEnd());
  };
}

if (import.meta.main) {
  const [path, ...more] = Deno.args;
  try {
    if (more.length > 0) throw new TypeError(`takes one file, got "${Deno.args.join(" ")}"`);
    const report = await blockOn(() => analyze(path === undefined ? SAMPLE : linesOf(path)));
    for (const line of report.lines()) console.log(line);
  } catch (error) {
    console.error(`log_analyzer: ${error instanceof Error ? error.message : error}`);
    Deno.exit(2);
  }
}
