import { showValue } from "../judge/goal.ts";
import { bytes, digits, duration, percent, rate, threeDigits } from "./figures.ts";
import { failedOf } from "./broken.ts";
import { FAILURE_MEANINGS } from "../measure/failure_class.ts";
import type { CapacityReport, Comparison, Figures, Report, RunReport, Summary } from "./report.ts";

const INDENT = "  ";
const BAR_WIDTH = 40;
const MS_PER_SECOND = 1_000;
const PERCENTILES = [
  ["p50", "p50"],
  ["p75", "p75"],
  ["p90", "p90"],
  ["p95", "p95"],
  ["p99", "p99"],
  ["p99.9", "p999"],
  ["max", "max"],
  ["mean", "mean"],
  ["stdev", "stdev"],
] as const;

/** What stands above the results, known before the run. */
export function heading(
  { urls, settings, mode }: Pick<Report, "urls" | "settings" | "mode">,
): string[] {
  const { concurrency, requests, durationMs, rate, steps, threads } = settings;
  const parts = [
    requests === undefined ? undefined : `Requests: ${requests}`,
    durationMs === undefined ? undefined : `Duration: ${duration(durationMs)}`,
    rate === undefined ? undefined : `Rate: ${rate} req/s`,
    steps === undefined ? undefined : `Rates: ${steps.rates.join(", ")} req/s`,
    mode === "capacity" ? "Rate: searching" : undefined,
    `Concurrency: ${concurrency}`,
    threads === 1 ? undefined : `Threads: ${threads}`,
  ];
  return [
    ...urls.map((url) => `Target: ${url}`),
    parts.filter((part) => part !== undefined).join(", "),
  ];
}

/** What is said when the requests are over. */
export function ending({ runs, settings, interrupted }: Report): string[] {
  const { ledger, durationMs } = runs.at(-1)!;
  const ended = ledger.sent - ledger.unfinished;
  const { requests } = settings;
  const done = requests === undefined
    ? `${ended} in ${seconds(durationMs)}`
    : `${ended}/${requests}`;
  return [`Running... [${done}] ${interrupted ? "interrupted" : "done"}`];
}

/** The results for people, as lines. */
export function textReport(report: Report): string[] {
  const last = report.runs.at(-1)!;
  return [
    ...section("", runLines(last)),
    ...repeats(report.runs),
    ...capacityLines(report.capacity),
    ...comparisonLines(report.comparison),
    ...section(
      "Goals:",
      report.goals.map(({ goal, value, met }) =>
        `${met ? "met   " : "MISSED"} ${goal} (${showValue(goal, value)})`
      ),
    ),
    ...section("Note:", last.generator.verdict),
  ];
}

function runLines(run: RunReport): string[] {
  return [
    "",
    "Results:",
    ...indented(aligned(totals(run))),
    ...section("Latency:", latencyTable(run)),
    ...section("Status codes:", Object.entries(run.statusCodes).map((pair) => pair.join(": "))),
    ...section("Errors:", errorLines(run)),
    ...section("Histogram:", histogram(run)),
    ...section("Breakdown (mean, p99):", aligned(phases(run))),
    ...section("By URL:", table(run.perUrl.map((one) => [one.url, one]))),
    ...section("By rate:", table(run.perStep.map((one) => [`${one.rate} req/s`, one]))),
  ];
}

function totals(run: RunReport): (readonly [string, string])[] {
  const { ledger, durationMs, throughput, bytesIn } = run;
  const lines: (readonly [string, string] | undefined)[] = [
    ["Total", `${ledger.planned} requests`],
    ["Succeeded", String(ledger.ok)],
    ["Failed", String(failedOf(ledger))],
    ledger.unfinished > 0 ? ["Unfinished", String(ledger.unfinished)] : undefined,
    ledger.notSent > 0 ? ["Not sent", String(ledger.notSent)] : undefined,
    ["Duration", seconds(durationMs)],
    ["Throughput", rate(throughput)],
    ["Received", `${bytes(bytesIn)}, ${bytes(perSecond(bytesIn, durationMs))}/s`],
  ];
  return lines.filter((line) => line !== undefined);
}

/** In a closed run there is one clock; in an open one there are two, side by side. */
function latencyTable({ service, response }: Figures): string[] {
  if (service.count === 0) return ["nothing was answered"];
  if (response === null) {
    return aligned(PERCENTILES.map(([name, key]) => [name, duration(service[key])]));
  }
  const rows = PERCENTILES.map(([name, key]) => [
    `${name}:`,
    duration(response[key]),
    duration(service[key]),
  ]);
  return columns([["", "from due", "from sent"], ...rows]);
}

function errorLines({ ledger }: Figures): string[] {
  return ledger.errors.map(({ class: name, count, first }) =>
    `${name}: ${count} (${FAILURE_MEANINGS[name]}${first === "" ? "" : `; the first: ${first}`})`
  );
}

function histogram({ histogram }: RunReport): string[] {
  const most = Math.max(1, ...histogram.map(({ count }) => count));
  const rows = histogram.map(({ to, count }) => [
    `≤ ${threeDigits(to)}`,
    String(count),
    "■".repeat(Math.round(count / most * BAR_WIDTH)),
  ]);
  return columns(rows);
}

function phases({ phases }: RunReport): (readonly [string, string])[] {
  const named: [string, Summary | null][] = [
    ["connect", phases.connect],
    ["TLS", phases.tls],
    ["first byte", phases.firstByte],
    ["transfer", phases.transfer],
  ];
  return named.flatMap(([name, summary]) =>
    summary === null ? [] : [[name, `${duration(summary.mean)}, ${duration(summary.p99)}`] as const]
  );
}

function table(rows: readonly (readonly [string, Figures])[]): string[] {
  if (rows.length === 0) return [];
  const head = ["", "answered", "failed", "not sent", "req/s", "p50", "p99", "max"];
  return columns([
    head,
    ...rows.map(([name, { ledger, throughput, service, response }]) => {
      const { p50, p99, max } = response ?? service;
      return [
        name,
        String(ledger.ok + ledger.badStatus),
        String(failedOf(ledger)),
        String(ledger.notSent),
        digits(throughput, 1),
        ...[p50, p99, max].map(duration),
      ];
    }),
  ]);
}

function repeats(runs: readonly RunReport[]): string[] {
  if (runs.length === 1) return [];
  return section(
    `All ${runs.length} runs (above: the last):`,
    table(runs.map((run, i) => [`run ${i + 1}`, run])),
  );
}

function capacityLines(capacity: CapacityReport | undefined): string[] {
  if (capacity === undefined) return [];
  const { goal, rate: found, failedAt, confirmed, probes } = capacity;
  if (probes.length === 0) return section("Capacity:", ["no rate was tried"]);
  const result = found === 0 ? [`no rate that was tried meets ${goal}`] : [
    `${digits(found, 1)} req/s meet ${goal}` +
    (failedAt === null ? "" : `; ${digits(failedAt, 1)} do not`),
    `confirmed by ${confirmed.met} of ${confirmed.of} windows`,
  ];
  const rows = probes.map(({ rate, met, keptUp, value, throughput }) => [
    digits(rate, 1),
    met ? "met" : keptUp ? "missed" : "fell behind",
    showValue(goal, value),
    digits(throughput, 1),
  ]);
  return section("Capacity:", [
    ...result,
    ...columns([["tried", "", "measured", "req/s"], ...rows]),
  ]);
}

const JUDGEMENTS = {
  better: "better",
  worse: "WORSE",
  same: "within the noise",
  unknown: "",
} as const;

const BASES = {
  runs: [],
  pieces: ["(noise within one run; with --repeat 5 on both sides it is that between runs)"],
  none: ["too short to tell: use -z 2s or more, or --repeat 3, for this report and the other"],
} as const;

function comparisonLines(comparison: Comparison | undefined): string[] {
  if (comparison === undefined) return [];
  const show = (metric: string, value: number) => {
    if (metric === "throughput") return digits(value, 1);
    return metric === "errors" ? percent(value) : duration(value);
  };
  const rows = comparison.differences.map(({ metric, before, after, noise, judgement }) => [
    metric,
    show(metric, before),
    show(metric, after),
    before === 0 ? "" : signed((after - before) / before),
    noise === null ? "?" : `±${before === 0 ? show(metric, noise) : percent(noise / before)}`,
    `  ${JUDGEMENTS[judgement]}`,
  ]);
  return section("Compared:", [
    ...columns([["", "before", "now", "change", "noise", ""], ...rows]),
    ...BASES[comparison.basis],
  ]);
}

function signed(share: number): string {
  return `${share > 0 ? "+" : ""}${percent(share)}`;
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return title === "" ? [...lines] : ["", title, ...indented(lines)];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => INDENT + line);
}

/** `name:  value`, the values below one another. */
function aligned(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length)) + 1;
  return pairs.map(([name, value]) => `${`${name}:`.padEnd(width)} ${value}`);
}

/** Cells below one another: the first column to the left, numbers to the right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i].length))) ?? [];
  return rows.map((row) =>
    row.map((cell, i) => isLeft(i, cell) ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))
      .join("  ").trimEnd()
  );
}

function isLeft(column: number, cell: string): boolean {
  return column === 0 || cell.startsWith("■");
}

function seconds(ms: number): string {
  return `${(ms / MS_PER_SECOND).toFixed(2)}s`;
}

function perSecond(count: number, ms: number): number {
  return ms > 0 ? count * MS_PER_SECOND / ms : 0;
}
