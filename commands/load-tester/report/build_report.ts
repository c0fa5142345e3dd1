import type { PassResult } from "../load/pass.ts";
import type { Bar, Latencies } from "../measure/latencies.ts";
import type { FailureClass } from "../measure/failure_class.ts";
import { percentileOf } from "../measure/log_buckets.ts";
import type { Meter } from "../measure/meter.ts";
import type { Tally } from "../measure/tally.ts";
import type { Timeline } from "../measure/timeline.ts";
import type {
  Figures,
  GeneratorReport,
  LedgerReport,
  RunReport,
  Summary,
  TimelineReport,
} from "./report.ts";
import { verdict } from "./verdict.ts";

const MS_PER_SECOND = 1_000;
const BARS = 12;
const LOWEST_PERCENT = 0.1;
/** Bars that are closer have the same figure beneath them. */
const LEAST_FACTOR = 1.05;
/** Nothing is known of what is shorter. */
const MICROSECOND = 0.001;
/** The book does not balance: a mistake in this program, which nobody should have to find out. */
const UNBALANCED = "the book does not balance";

/** What is known of a run besides what its meter has. */
export interface RunCircumstances {
  readonly urls: readonly string[];
  readonly rates: readonly number[];
  readonly concurrency: number;
  /** CPU time of the whole process meanwhile, in milliseconds. */
  readonly cpuMs: number;
  readonly threads: number;
}

/** Makes a report of what a run has measured. */
export function runReport(result: PassResult, around: RunCircumstances): RunReport {
  const { meter, elapsed } = result;
  const total = meter.total();
  const { imbalance } = total.ledger;
  if (imbalance !== undefined) throw new Error(`${UNBALANCED}: ${imbalance}`);
  const generator = generatorReport(meter, elapsed, around);
  const judged = {
    ...figures(total, elapsed, meter, result.oldestUnfinished),
    durationMs: elapsed,
    phases: {
      connect: summaryOrNull(meter.phase("connect")),
      tls: summaryOrNull(meter.phase("tls")),
      firstByte: summaryOrNull(meter.phase("firstByte")),
      transfer: summaryOrNull(meter.phase("transfer")),
    },
    histogram: histogram(meter.isOpen ? total.response : total.service),
    timeline: timelineReport(meter.timeline),
    perUrl: meter.tallies.length === 1 ? [] : meter.tallies.map((tally, i) => ({
      url: around.urls[i],
      ...figures(tally, elapsed, meter),
    })),
    perStep: meter.steps.map((tally, i) => ({
      rate: around.rates[i],
      ...figures(tally, elapsed / meter.steps.length, meter),
    })),
    generator,
  };
  return { ...judged, generator: { ...generator, verdict: verdict(judged, around.concurrency) } };
}

function figures(tally: Tally, elapsed: number, meter: Meter, oldestUnfinishedMs = 0): Figures {
  const { ledger, statuses } = tally;
  return {
    ledger: ledgerReport(tally, meter, oldestUnfinishedMs),
    throughput: elapsed > 0 ? ledger.answered * MS_PER_SECOND / elapsed : 0,
    bytesIn: tally.bytesIn,
    bytesOut: tally.bytesOut,
    service: summary(tally.service),
    response: meter.isOpen ? summary(tally.response) : null,
    statusCodes: Object.fromEntries(Object.entries(statuses)),
  };
}

function ledgerReport({ ledger }: Tally, meter: Meter, oldestUnfinishedMs: number): LedgerReport {
  const { planned, sent, notSent, ok, badStatus, unfinished, failures } = ledger;
  const errors = Object.entries(failures).map(([name, count]) => ({
    class: name as FailureClass,
    count,
    first: meter.messages[name as FailureClass] ?? "",
  }));
  return { planned, sent, notSent, ok, badStatus, errors, unfinished, oldestUnfinishedMs };
}

function generatorReport(
  meter: Meter,
  elapsed: number,
  { cpuMs, threads }: RunCircumstances,
): Omit<GeneratorReport, "verdict"> {
  const { lag, connections, retried, redirects } = meter;
  return {
    cpu: elapsed > 0 ? cpuMs / elapsed / threads : 0,
    lag: { p50: lag.percentile(50), p99: lag.percentile(99), max: lag.max },
    connections,
    retried,
    redirects,
  };
}

export function summary(latencies: Latencies): Summary {
  const { count, mean, stdev, max } = latencies;
  return {
    count,
    mean,
    stdev,
    p50: latencies.percentile(50),
    p75: latencies.percentile(75),
    p90: latencies.percentile(90),
    p95: latencies.percentile(95),
    p99: latencies.percentile(99),
    p999: latencies.percentile(99.9),
    max,
    hdr: latencies.encode().hdr,
  };
}

function summaryOrNull(latencies: Latencies): Summary | null {
  return latencies.count === 0 ? null : summary(latencies);
}

/** Bars whose bounds grow by one factor, from the quickest to the slowest. */
function histogram(latencies: Latencies): Bar[] {
  if (latencies.count === 0) return [];
  const low = Math.max(latencies.percentile(LOWEST_PERCENT), MICROSECOND);
  const spread = Math.max(1, latencies.max / low);
  const count = Math.min(BARS, 1 + Math.floor(Math.log(spread) / Math.log(LEAST_FACTOR)));
  const factor = spread ** (1 / (count - 1));
  const bounds = Array.from({ length: count }, (_, i) => low * factor ** i);
  bounds[count - 1] = latencies.max; // not a rounding below it
  return latencies.bars(bounds);
}

function timelineReport({ width, slices }: Timeline): TimelineReport {
  return {
    widthMs: width,
    slices: slices.map(({ sent, ok, failed, bytes, latencies }) => ({
      sent,
      ok,
      failed,
      bytes,
      p50: percentileOf(latencies, 50),
      p99: percentileOf(latencies, 99),
    })),
  };
}
