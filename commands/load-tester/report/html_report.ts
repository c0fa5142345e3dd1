import { showValue } from "../judge/goal.ts";
import { Latencies } from "../measure/latencies.ts";
import { barChart, escape, type Line, lineChart } from "./chart.ts";
import { bytes, digits, duration, percent, rate, threeDigits } from "./figures.ts";
import { STYLE } from "./html_style.ts";
import { failedOf } from "./broken.ts";
import type { Figures, Report, RunReport, Summary } from "./report.ts";

const MS_PER_SECOND = 1_000;
/** The curve of percentiles: each step halves what lies above. */
const CURVE = [0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99];
const LABELLED = [0, 50, 75, 90, 99, 99.9, 99.99];

/** The results as one page that needs nothing else. */
export function htmlReport(report: Report): string {
  const run = report.runs.at(-1)!;
  const more = report.urls.length - 1;
  const title = `Load test of ${report.urls[0]}${more > 0 ? ` and ${more} more` : ""}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(title)}</h1>
<p class="about">${escape(about(report))}</p>
${tiles(run)}
${notes(run.generator.verdict)}
${goals(report)}
${picture("Latency by percentile", percentiles(run))}
${picture("Latency histogram", histogram(run))}
${picture("Answers per second", throughput(run))}
${picture("Latency over time", latencyOverTime(run))}
${table("Status codes", ["status", "answers"], statusRows(run))}
${table("Errors", ["class", "requests", "the first"], errorRows(run))}
${figuresTable("By URL", "URL", run.perUrl.map((one) => [one.url, one]))}
${figuresTable("By rate", "rate", run.perStep.map((one) => [`${one.rate} req/s`, one]))}
${report.runs.length > 1 ? figuresTable("All runs", "run", report.runs.map(numbered)) : ""}
${capacity(report)}
${comparison(report)}
<p class="about">wakeful load-tester ${escape(report.version)}</p>
</body>
</html>
`;
}

function about({ started, mode, method, settings }: Report): string {
  const { concurrency, rate, driver, threads } = settings;
  const load = rate === undefined ? "" : `, ${rate} requests a second`;
  const many = threads === 1 ? "one thread" : `${threads} threads`;
  return `${started}: ${mode}, ${method}, ${concurrency} connections${load}, ` +
    `${driver} driver, ${many}`;
}

function tiles(run: RunReport): string {
  const { ledger, throughput, service, response, bytesIn, durationMs } = run;
  const { p50, p99, max } = response ?? service;
  const all: [string, string][] = [
    ["answers per second", digits(throughput, 1)],
    ["p50", duration(p50)],
    ["p99", duration(p99)],
    ["max", duration(max)],
    ["succeeded", `${ledger.ok} of ${ledger.sent}`],
    ["failed", String(failedOf(ledger))],
    ["unfinished, not sent", `${ledger.unfinished}, ${ledger.notSent}`],
    ["received", `${bytes(bytesIn)} in ${digits(durationMs / MS_PER_SECOND, 2)}s`],
  ];
  const boxes = all.map(([name, value]) =>
    `<div><b>${escape(value)}</b><span>${escape(name)}</span></div>`
  );
  return `<section class="tiles">${boxes.join("")}</section>`;
}

function notes(sentences: readonly string[]): string {
  return sentences.map((sentence) => `<p class="note">${escape(sentence)}</p>`).join("\n");
}

function goals({ goals }: Report): string {
  return table(
    "Goals",
    ["goal", "measured", ""],
    goals.map(({ goal, value, met }) => [goal, showValue(goal, value), met ? "met" : "missed"]),
  );
}

/** How much each percentile costs; to the right ever rarer requests. */
function percentiles({ service, response }: RunReport): string {
  const far = nines(CURVE.at(-1)!);
  const curve = (summary: Summary): Line["points"] => {
    const latencies = Latencies.decode({ ...summary, sum: 0, squares: 0 });
    return CURVE.map((percent) => [nines(percent), latencies.percentile(percent)]);
  };
  const fromSent = { name: "from when it was sent", colour: "one", points: curve(service) };
  const lines = response === null
    ? [fromSent]
    : [{ name: "from when it was due", colour: "two", points: curve(response) }, fromSent];
  const marks = LABELLED.map((percent) => ({ at: nines(percent) / far, text: `${percent}%` }));
  const top = Math.max(...lines.flatMap(({ points }) => points.map(([, y]) => y)));
  return lineChart(lines, { max: far, show: String, marks }, { max: top, show: duration });
}

/** 0 for 0 %, 1 for 90 %, 2 for 99 %. */
function nines(percent: number): number {
  return -Math.log10(1 - percent / 100);
}

function histogram({ histogram }: RunReport): string {
  if (histogram.length === 0) return "";
  const bars = histogram.map(({ to, count }) => ({ label: `≤${threeDigits(to)}`, value: count }));
  const most = Math.max(...histogram.map(({ count }) => count));
  return barChart(bars, { max: most, show: String });
}

function throughput({ timeline: { widthMs, slices } }: RunReport): string {
  if (slices.length < 2) return "";
  const perSecond = (count: number) => count * MS_PER_SECOND / widthMs;
  const points = (value: (i: number) => number): Line["points"] =>
    slices.map((_, i) => [i * widthMs, perSecond(value(i))] as const);
  const lines = [
    { name: "succeeded", colour: "one", points: points((i) => slices[i].ok) },
    { name: "failed", colour: "bad", points: points((i) => slices[i].failed) },
  ];
  const most = Math.max(...slices.map(({ ok, failed }) => perSecond(Math.max(ok, failed))));
  return lineChart(lines, timeAxis(widthMs, slices.length), {
    max: most,
    show: (value) => digits(value, 1),
  }, true);
}

function latencyOverTime({ timeline: { widthMs, slices } }: RunReport): string {
  if (slices.length < 2) return "";
  const points = (key: "p50" | "p99"): Line["points"] =>
    slices.map((slice, i) => [i * widthMs, slice[key]] as const);
  const lines = [
    { name: "p99", colour: "two", points: points("p99") },
    { name: "p50", colour: "one", points: points("p50") },
  ];
  const most = Math.max(...slices.map(({ p99 }) => p99));
  return lineChart(lines, timeAxis(widthMs, slices.length), { max: most, show: duration });
}

function timeAxis(widthMs: number, slices: number) {
  return {
    max: widthMs * (slices - 1),
    show: (ms: number) => `${digits(ms / MS_PER_SECOND, 1)}s`,
  };
}

function statusRows({ statusCodes }: RunReport): string[][] {
  return Object.entries(statusCodes).map(([status, count]) => [status, String(count)]);
}

function errorRows({ ledger }: RunReport): string[][] {
  return ledger.errors.map(({ class: name, count, first }) => [name, String(count), first]);
}

function numbered(run: RunReport, i: number): [string, Figures] {
  return [String(i + 1), run];
}

function figuresTable(
  title: string,
  what: string,
  rows: readonly (readonly [string, Figures])[],
): string {
  const head = [what, "answered", "failed", "req/s", "p50", "p99", "max"];
  return table(
    title,
    head,
    rows.map(([name, { ledger, throughput, service, response }]) => {
      const { p50, p99, max } = response ?? service;
      const failed = String(failedOf(ledger));
      const answered = String(ledger.ok + ledger.badStatus);
      return [name, answered, failed, digits(throughput, 1), ...[p50, p99, max].map(duration)];
    }),
  );
}

function capacity({ capacity }: Report): string {
  if (capacity === undefined) return "";
  const { goal, rate: found, confirmed, probes } = capacity;
  const result = found === 0 ? `No rate that was tried meets ${goal}.` : `${rate(found)} meet ` +
    `${goal}, confirmed by ${confirmed.met} of ${confirmed.of} windows.`;
  const rows = probes.map(({ rate, met, keptUp, value, throughput }) => [
    digits(rate, 1),
    met ? "met" : keptUp ? "missed" : "fell behind",
    showValue(goal, value),
    digits(throughput, 1),
  ]);
  return `<p class="note">${escape(result)}</p>` +
    table("What was tried", ["req/s", "", "measured", "answered/s"], rows);
}

function comparison({ comparison }: Report): string {
  if (comparison === undefined) return "";
  const rows = comparison.differences.map(({ metric, before, after, noise, judgement }) => {
    const show = (value: number) => metric === "errors" ? percent(value) : digits(value, 3);
    return [metric, show(before), show(after), noise === null ? "?" : `±${show(noise)}`, judgement];
  });
  return table("Compared", ["", "before", "now", "noise", ""], rows);
}

function picture(title: string, svg: string): string {
  return svg === "" ? "" : `<section><h2>${escape(title)}</h2>${svg}</section>`;
}

function table(title: string, head: readonly string[], rows: readonly string[][]): string {
  if (rows.length === 0) return "";
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("")}</tr>`;
  const body = rows.map((row) => cells("td", row)).join("\n");
  return `<section><h2>${escape(title)}</h2><table>${cells("th", head)}\n${body}</table></section>`;
}
