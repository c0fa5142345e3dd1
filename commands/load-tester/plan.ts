import { UsageError } from "../cli/errors.ts";
import type { Terminal } from "../cli/terminal.ts";
import type { LoadOptions } from "./command.ts";
import type { Mode } from "./load/mode.ts";
import { readFile, readText } from "./files.ts";
import type { PassSpec } from "./load/pass.ts";
import type { Setup } from "./load/setup.ts";
import { readOverride } from "./target/route.ts";
import { namedFiles } from "./target/template.ts";

/** What a command line asks for. */
export interface Plan {
  readonly mode: Mode;
  readonly setup: Setup;
  readonly pass: PassSpec;
  readonly warmup: PassSpec | undefined;
  readonly concurrency: number;
}

const DEFAULT_REQUESTS = 100;
const READ_LINES = /\r?\n/;

/**
 * Makes a plan of the options and of the files they name.
 *
 * @throws {UsageError} when they contradict each other or are incomplete
 * @throws {RuntimeFailure} when a file cannot be read
 */
export function makePlan(
  options: LoadOptions,
  args: readonly string[],
  terminal: Terminal,
): Plan {
  if (options.csv !== undefined && options.threads > 1) {
    throw new UsageError("--csv and --threads exclude each other: expected only one of them");
  }
  return {
    mode: modeOf(options),
    setup: setupOf(options, urlsOf(options, args, terminal), terminal),
    pass: passOf(options),
    warmup: warmupOf(options),
    concurrency: options.concurrency,
  };
}

function modeOf({ rate, steps, findRate }: LoadOptions): Mode {
  if (findRate !== undefined) return "capacity";
  return rate !== undefined || steps !== undefined ? "open" : "closed";
}

function passOf(options: LoadOptions): PassSpec {
  const { requests, duration = Infinity, rate, steps, ramp } = options;
  const count = requests ?? (duration === Infinity ? DEFAULT_REQUESTS : Infinity);
  if (steps !== undefined) {
    const { rates, each } = steps;
    const stretches = rates.map((rate) => ({ from: rate, to: rate, duration: each }));
    const total = each * rates.length;
    return { count: Infinity, stretches, duration: total, ramp: 0, bySteps: true };
  }
  if (rate === undefined) return { count, stretches: [], duration, ramp, bySteps: false };
  const level = { from: rate, to: rate, duration: Infinity };
  const climb = { from: 0, to: rate, duration: ramp };
  const stretches = ramp > 0 ? [climb, level] : [level];
  return { count, stretches, duration, ramp: 0, bySteps: false };
}

/** Before what counts: as fast as the clients get answers. */
function warmupOf({ warmup }: LoadOptions): PassSpec | undefined {
  if (warmup === undefined) return undefined;
  const extent = "ms" in warmup
    ? { count: Infinity, duration: warmup.ms }
    : { count: warmup.requests, duration: Infinity };
  return { ...extent, stretches: [], ramp: 0, bySteps: false };
}

function setupOf(options: LoadOptions, urls: readonly string[], terminal: Terminal): Setup {
  const { header = [], resolve = [], timeout, connectTimeout, insecure, redirects, unix } = options;
  const body = bodyOf(options, terminal);
  const method = options.method ?? (body === undefined ? "GET" : "POST");
  const texts = [...urls, ...header, body === undefined ? "" : new TextDecoder().decode(body)];
  const caCert = options.cacert && readText("--cacert", options.cacert, terminal);
  return {
    urls,
    shape: { method, headers: header, body, close: options.disableKeepalive },
    redirects,
    overrides: resolve.map(readOverride),
    unix,
    files: Object.fromEntries(
      texts.flatMap(namedFiles).map((path) => [path, linesOf(`{{line:${path}}}`, path, terminal)]),
    ),
    timeout,
    connectTimeout,
    insecure,
    caCert,
  };
}

function urlsOf(
  { url = [], urls }: LoadOptions,
  args: readonly string[],
  terminal: Terminal,
): readonly string[] {
  const listed = urls === undefined ? [] : linesOf("--urls", urls, terminal)
    .map((line) => line.trim())
    .filter((line) => !line.startsWith("#"));
  const all = [...args, ...url, ...listed];
  if (all.length > 0) return all;
  throw new UsageError("no URL: expected one such as http://127.0.0.1:8080/");
}

function bodyOf({ body, bodyFile }: LoadOptions, terminal: Terminal): Uint8Array | undefined {
  if (bodyFile !== undefined) return readFile("--body-file", bodyFile, terminal);
  return body === undefined ? undefined : new TextEncoder().encode(body);
}

function linesOf(flag: string, path: string, terminal: Terminal): readonly string[] {
  const lines = readText(flag, path, terminal).split(READ_LINES).filter((line) =>
    line.trim() !== ""
  );
  if (lines.length === 0) throw new UsageError(`${flag}: ${path} has no lines`);
  return lines;
}
