/** Reports as tests need them: whole, and small. */

import type {
  Figures,
  Report,
  RunReport,
  Summary,
} from "../../../commands/load-tester/report/report.ts";
import { Latencies } from "../../../commands/load-tester/measure/latencies.ts";
import { summary } from "../../../commands/load-tester/report/build_report.ts";

/** What latencies come to. */
export function summaryOf(...latencies: number[]): Summary {
  const all = new Latencies();
  for (const latency of latencies) all.record(latency);
  return summary(all);
}

export function figures(changes: Partial<Figures> = {}): Figures {
  return {
    ledger: {
      ...{ planned: 10, sent: 10, notSent: 0, ok: 10, badStatus: 0, errors: [], unfinished: 0 },
      oldestUnfinishedMs: 0,
    },
    throughput: 1_000,
    bytesIn: 2_500,
    bytesOut: 800,
    service: summaryOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    response: null,
    statusCodes: { "200": 10 },
    ...changes,
  };
}

/** A run; the slices are its answers per second and their p99, in slices of a second. */
export function run(
  changes: Partial<RunReport> = {},
  slices: readonly { readonly ok: number; readonly failed?: number; readonly p99?: number }[] = [],
): RunReport {
  return {
    ...figures(),
    durationMs: 10,
    phases: { connect: summaryOf(1), tls: null, firstByte: summaryOf(4), transfer: summaryOf(0) },
    histogram: [{ from: 0, to: 5, count: 5 }, { from: 5, to: 10, count: 5 }],
    timeline: {
      widthMs: 1_000,
      slices: slices.map(({ ok, failed = 0, p99 = 10 }) => ({
        ...{ sent: ok + failed, ok, failed, bytes: 100 * ok, p50: p99 / 2, p99 },
      })),
    },
    perUrl: [],
    perStep: [],
    generator: {
      ...{ cpu: 0.5, connections: 1, retried: 0, redirects: 0, verdict: [] },
      lag: { p50: 0, p99: 0, max: 0 },
    },
    ...changes,
  };
}

export function report(changes: Partial<Report> = {}): Report {
  return {
    schema: "wakeful-load-tester/1",
    version: "0.1.0",
    started: "2026-01-02T03:04:05.000Z",
    mode: "closed",
    urls: ["http://127.0.0.1:8080/"],
    method: "GET",
    settings: {
      ...{ concurrency: 1, threads: 1, driver: "deno", requests: 10, rampMs: 0 },
      ...{ timeoutMs: 20_000, keepAlive: true },
    },
    runs: [run()],
    goals: [],
    interrupted: false,
    ...changes,
  };
}
