import {
  ending,
  heading,
  textReport,
} from "../../../../commands/load-tester/report/text_report.ts";
import type { Report } from "../../../../commands/load-tester/report/report.ts";
import { assertEquals } from "../../../support/assert.ts";
import { figures, report, run, summaryOf } from "../reports.ts";

const { ledger } = figures();
const SERVICE = {
  ...summaryOf(1),
  ...{ count: 1_000, p50: 4.2, p75: 8, p90: 12.1, p95: 20, p99: 45.3, p999: 99.95, max: 102.7 },
  ...{ mean: 6.75, stdev: 3.01 },
};
/** The example of the specification. */
const THOUSAND = run({
  ledger: { ...ledger, planned: 1_000, sent: 1_000, ok: 985, badStatus: 15 },
  durationMs: 2_340,
  throughput: 427.3504,
  bytesIn: 250_000,
  service: SERVICE,
  statusCodes: { "200": 985, "503": 15 },
  histogram: [{ from: 0, to: 10, count: 800 }, { from: 10, to: 102.7, count: 200 }],
  phases: { connect: summaryOf(1), tls: summaryOf(2), firstByte: summaryOf(4), transfer: null },
});

function shown(changes: Partial<Report>): string {
  const whole = report(changes);
  return [...heading(whole), ...ending(whole), ...textReport(whole)].join("\n") + "\n";
}

/** One section of a report, without its indentation. */
function section(title: string, changes: Partial<Report>): string[] {
  const lines = textReport(report(changes));
  const start = lines.indexOf(title);
  if (start < 0) return [];
  const end = lines.indexOf("", start);
  return lines.slice(start + 1, end < 0 ? undefined : end).map((line) => line.slice(2));
}

const { settings } = report();

Deno.test("text report: the whole of it", () => {
  const changes = { settings: { ...settings, requests: 1_000, concurrency: 50 }, runs: [THOUSAND] };
  assertEquals(
    shown(changes),
    `\
Target: http://127.0.0.1:8080/
Requests: 1000, Concurrency: 50
Running... [1000/1000] done

Results:
  Total:      1000 requests
  Succeeded:  985
  Failed:     15
  Duration:   2.34s
  Throughput: 427.35 req/s
  Received:   250 KB, 106.84 KB/s

Latency:
  p50:   4.2ms
  p75:   8ms
  p90:   12.1ms
  p95:   20ms
  p99:   45.3ms
  p99.9: 100ms
  max:   102.7ms
  mean:  6.8ms
  stdev: 3ms

Status codes:
  200: 985
  503: 15

Histogram:
  ≤ 10ms   800  ■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■
  ≤ 103ms  200  ■■■■■■■■■■

Breakdown (mean, p99):
  connect:    1ms, 1ms
  TLS:        2ms, 2ms
  first byte: 4ms, 4ms
`,
  );
});

Deno.test("text report: what was asked for stands above", () => {
  const of = (changes: Partial<Report["settings"]>, mode: Report["mode"] = "open") =>
    heading(report({ mode, settings: { ...settings, requests: undefined, ...changes } }))[1];
  assertEquals(of({ durationMs: 30_000 }, "closed"), "Duration: 30s, Concurrency: 1");
  assertEquals(of({ requests: 5, rate: 0.5 }), "Requests: 5, Rate: 0.5 req/s, Concurrency: 1");
  assertEquals(
    of({ steps: { rates: [100, 200], eachMs: 1_000 }, threads: 2 }),
    "Rates: 100, 200 req/s, Concurrency: 1, Threads: 2",
  );
  assertEquals(of({}, "capacity"), "Rate: searching, Concurrency: 1");
  assertEquals(heading(report({ urls: ["a", "b"] })).slice(0, 2), ["Target: a", "Target: b"]);
});

Deno.test("text report: how it ended", () => {
  const timed = { ...settings, requests: undefined, durationMs: 2_000 };
  const cut = run({ durationMs: 2_000, ledger: { ...ledger, sent: 12, unfinished: 2 } });
  assertEquals(ending(report({ settings: timed, runs: [cut] })), ["Running... [10 in 2.00s] done"]);
  assertEquals(ending(report({ interrupted: true })), ["Running... [10/10] interrupted"]);
});

Deno.test("text report: in an open run there are two clocks side by side", () => {
  const open = run({ response: { ...SERVICE, p50: 1_250, p99: 2_000 }, service: SERVICE });
  assertEquals(section("Latency:", { runs: [open] }).slice(0, 6), [
    "        from due  from sent",
    "p50:       1.25s      4.2ms",
    "p75:         8ms        8ms",
    "p90:      12.1ms     12.1ms",
    "p95:        20ms       20ms",
    "p99:          2s     45.3ms",
  ]);
});

Deno.test("text report: what was not sent, not finished, and what went wrong", () => {
  const errors = [
    { class: "refused" as const, count: 3, first: "connect 127.0.0.1:1: Connection refused" },
    { class: "timeout" as const, count: 2, first: "" },
  ];
  const failing = run({
    ledger: { ...ledger, planned: 20, notSent: 5, unfinished: 1, ok: 8, badStatus: 1, errors },
  });
  const totals = section("Results:", { runs: [failing] });
  assertEquals(totals.slice(0, 5), [
    "Total:      20 requests",
    "Succeeded:  8",
    "Failed:     6",
    "Unfinished: 1",
    "Not sent:   5",
  ]);
  assertEquals(section("Errors:", { runs: [failing] }), [
    "refused: 3 (nobody listens there; the first: connect 127.0.0.1:1: Connection refused)",
    "timeout: 2 (no whole answer within --timeout)",
  ]);
});

Deno.test("text report: a table for several URLs, for steps, and for several runs", () => {
  const perUrl = [{ url: "http://a/", ...figures() }, { url: "http://b/long", ...figures() }];
  assertEquals(section("By URL:", { runs: [run({ perUrl })] }), [
    "               answered  failed  not sent  req/s  p50   p99   max",
    "http://a/            10       0         0   1000  5ms  10ms  10ms",
    "http://b/long        10       0         0   1000  5ms  10ms  10ms",
  ]);
  const perStep = [{ rate: 100, ...figures({ response: summaryOf(25) }) }]; // from when due
  assertEquals(
    section("By rate:", { runs: [run({ perStep })] })[1],
    [
      "100 req/s        10       0         0   1000  25ms  25ms  25ms",
    ][0],
  );
  const runs = [run(), run({ throughput: 7 })];
  assertEquals(section("All 2 runs (above: the last):", { runs }).slice(1), [
    "run 1        10       0         0   1000  5ms  10ms  10ms",
    "run 2        10       0         0      7  5ms  10ms  10ms",
  ]);
});

Deno.test("text report: goals, with what was measured of them", () => {
  const goals = [
    { goal: "p99<50ms", value: 45.333, met: true },
    { goal: "errors<1%", value: 0.015, met: false },
  ];
  assertEquals(section("Goals:", { goals }), [
    "met    p99<50ms (45.3ms)",
    "MISSED errors<1% (1.5%)",
  ]);
});

Deno.test("text report: the rate that was found, and how", () => {
  const probes = [
    { rate: 800, met: false, keptUp: false, value: 9.5, throughput: 700 },
    { rate: 600, met: false, keptUp: true, value: 99.5, throughput: 600 },
    { rate: 400, met: true, keptUp: true, value: 1.25, throughput: 399.95 },
  ];
  const found = {
    goal: "p99<50ms",
    rate: 400,
    failedAt: 408,
    confirmed: { met: 3, of: 3 },
    probes,
  };
  assertEquals(section("Capacity:", { capacity: found }), [
    "400 req/s meet p99<50ms; 408 do not",
    "confirmed by 3 of 3 windows",
    "tried               measured  req/s",
    "800    fell behind     9.5ms    700",
    "600         missed    99.5ms    600",
    "400            met     1.3ms  399.9",
  ]);
  const none = { ...found, rate: 0, failedAt: 0.78, confirmed: { met: 0, of: 3 } };
  assertEquals(section("Capacity:", { capacity: none }).slice(0, 1), [
    "no rate that was tried meets p99<50ms",
  ]);
  const tooSoon = { ...none, probes: [] };
  assertEquals(section("Capacity:", { capacity: tooSoon }), ["no rate was tried"]);
});

Deno.test("text report: what has changed, beyond the noise or within", () => {
  const differences = [
    { metric: "throughput", before: 1_000, after: 900, noise: 50, judgement: "worse" },
    { metric: "p99", before: 10, after: 10.5, noise: 1, judgement: "same" },
    { metric: "errors", before: 0, after: 0.01, noise: 0.001, judgement: "worse" },
  ] as const;
  const lines = section("Compared:", { comparison: { basis: "runs", differences } });
  assertEquals(
    lines,
    [
      "            before     now  change  noise",
      "throughput    1000     900    -10%    ±5%               WORSE",
      "p99           10ms  10.5ms     +5%   ±10%    within the noise",
      "errors          0%      1%          ±0.1%               WORSE",
    ],
  );
  const [, hint] = section("Compared:", { comparison: { basis: "pieces", differences: [] } });
  assertEquals(
    hint,
    "(noise within one run; with --repeat 5 on both sides it is that between runs)",
  );
});

Deno.test("text report: notes come last", () => {
  const generator = { ...run().generator, verdict: ["One.", "Two."] };
  assertEquals(textReport(report({ runs: [run({ generator })] })).slice(-3), [
    ...["Note:", "  One.", "  Two."],
  ]);
});
