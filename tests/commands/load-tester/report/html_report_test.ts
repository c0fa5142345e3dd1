import { htmlReport } from "../../../../commands/load-tester/report/html_report.ts";
import type { Report } from "../../../../commands/load-tester/report/report.ts";
import { assert, assertEquals, assertStringIncludes } from "../../../support/assert.ts";
import { figures, report, run, summaryOf } from "../reports.ts";
import { wellFormed } from "./markup.ts";

const EVIL = `http://a/"><script>alert('x')</script>&<b`;
const SLICES = Array.from({ length: 12 }, (_, i) => ({ ok: 100 + i, failed: i % 3, p99: 10 + i }));
const { ledger } = figures();

function pageOf(changes: Partial<Report>): string {
  const page = htmlReport(report(changes));
  wellFormed(page);
  assert(!/NaN|undefined|Infinity|\[object/.test(page), page);
  return page;
}

function titles(page: string): string[] {
  return [...page.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title);
}

Deno.test("HTML report: a page that needs nothing else, with its pictures", () => {
  const page = pageOf({ runs: [run({}, SLICES)] });
  assert(page.startsWith('<!doctype html>\n<html lang="en">'));
  assert(
    !/<script|<link|<img|src=|https?:\/\/(?!127\.0\.0\.1)/.test(page),
    "nothing from elsewhere",
  );
  assertEquals(titles(page), [
    "Latency by percentile",
    "Latency histogram",
    "Answers per second",
    "Latency over time",
    "Status codes",
  ]);
  assertEquals(page.match(/<svg /g)?.length, 4);
  assertStringIncludes(page, "<b>10 of 10</b><span>succeeded</span>");
  assertStringIncludes(page, "2026-01-02T03:04:05.000Z: closed, GET, 1 connections, deno driver");
});

Deno.test("HTML report: what comes from outside is never markup", () => {
  const errors = [{ class: "other" as const, count: 1, first: "<img src=x onerror=alert(1)>" }];
  const page = pageOf({
    urls: [EVIL, "http://b/"],
    method: "<i>",
    goals: [{ goal: "p99<50ms", value: 1, met: true }],
    runs: [run({
      ledger: { ...ledger, errors },
      perUrl: [{ url: EVIL, ...figures() }],
      generator: { ...run().generator, verdict: ["p99 <50ms & more"] },
    })],
  });
  assertStringIncludes(page, "<title>Load test of http://a/&quot;&gt;&lt;script&gt;");
  assertStringIncludes(page, "<td>&lt;img src=x onerror=alert(1)&gt;</td>");
  assertStringIncludes(page, '<p class="note">p99 &lt;50ms &amp; more</p>');
  assertStringIncludes(page, "<td>p99&lt;50ms</td>");
});

Deno.test("HTML report: everything that a report can have", () => {
  const page = pageOf({
    mode: "capacity",
    runs: [
      run(),
      run({
        response: summaryOf(5, 50, 500),
        perStep: [{ rate: 100, ...figures() }],
        perUrl: [{ url: "http://a/", ...figures() }],
        ledger: { ...ledger, errors: [{ class: "reset", count: 2, first: "" }] },
      }, SLICES),
    ],
    goals: [{ goal: "rps>1", value: 2, met: false }],
    capacity: {
      goal: "p99<50ms",
      ...{ rate: 412.5, failedAt: 420, confirmed: { met: 2, of: 3 } },
      probes: [{ rate: 400, met: true, keptUp: true, value: 40, throughput: 399 }],
    },
    comparison: {
      basis: "runs",
      differences: [{ metric: "p99", before: 1, after: 2, noise: 0.5, judgement: "worse" }],
    },
  });
  assertEquals(titles(page), [
    ...["Goals", "Latency by percentile", "Latency histogram", "Answers per second"],
    ...["Latency over time", "Status codes", "Errors", "By URL", "By rate", "All runs"],
    ...["What was tried", "Compared"],
  ]);
  assertStringIncludes(page, "412.50 req/s meet p99&lt;50ms, confirmed by 2 of 3 windows.");
  assertStringIncludes(page, "from when it was due");
});

Deno.test("HTML report: of a run without a single answer there is still a page", () => {
  const nothing = run({
    ...{ throughput: 0, bytesIn: 0, durationMs: 0, histogram: [], statusCodes: {} },
    ledger: { ...ledger, ok: 0, errors: [{ class: "refused", count: 10, first: "nobody" }] },
    service: summaryOf(),
  });
  assertEquals(titles(pageOf({ runs: [nothing] })), ["Latency by percentile", "Errors"]);
});
