import type {
  Comparison,
  Difference,
  Figures,
  RunReport,
  TimelineReport,
} from "../report/report.ts";
import { failedOf } from "../report/broken.ts";
import { noise, sample } from "./statistics.ts";

/** What is compared, and whether more of it is worse. */
const METRICS = [
  { name: "throughput", more: "better" },
  { name: "p50", more: "worse" },
  { name: "p90", more: "worse" },
  { name: "p99", more: "worse" },
  { name: "errors", more: "worse" },
] as const;

type MetricName = typeof METRICS[number]["name"];
type Values = Partial<Record<MetricName, readonly number[]>>;

/** Repeats that tell something about the noise between runs. */
const ENOUGH_RUNS = 3;
/** A single run is cut into so many pieces. */
const PIECES = 10;
/** A smaller change is none, even if it is certain. */
const RELEVANT_SHARE = 0.02;
/** Of all requests, when there were no errors before. */
const RELEVANT_ERRORS = 0.001;
const MS_PER_SECOND = 1_000;

/**
 * What has changed between two sets of runs, and whether that is more than noise.
 *
 * With three runs or more on both sides the noise is that between the runs. Otherwise it is taken
 * from pieces of the last run on each side, which says nothing of what changes from run to run; and
 * of runs that are too short for pieces it is not known.
 */
export function compare(before: readonly RunReport[], after: readonly RunReport[]): Comparison {
  const byRuns = before.length >= ENOUGH_RUNS && after.length >= ENOUGH_RUNS;
  const valuesOf = byRuns ? valuesOfRuns : valuesOfPieces;
  const [old, now] = [valuesOf(before), valuesOf(after)];
  const differences = METRICS.flatMap(({ name, more }) => {
    const [one, other] = [old[name], now[name]];
    return one === undefined || other === undefined ? [] : [difference(name, more, one, other)];
  });
  const isKnown = differences.some(({ judgement }) => judgement !== "unknown");
  return { basis: byRuns ? "runs" : isKnown ? "pieces" : "none", differences };
}

function difference(
  metric: MetricName,
  more: "better" | "worse",
  before: readonly number[],
  after: readonly number[],
): Difference {
  const [old, now] = [sample(before), sample(after)];
  const apart = now.mean - old.mean;
  if (old.count < 2 || now.count < 2) { // measured once, it may be anywhere
    return { metric, before: old.mean, after: now.mean, noise: null, judgement: "unknown" };
  }
  const bound = noise(old, now);
  const least = metric === "errors" ? RELEVANT_ERRORS : Math.abs(old.mean) * RELEVANT_SHARE;
  const isReal = Math.abs(apart) > Math.max(bound, least);
  const less = more === "better" ? "worse" : "better";
  const judgement = !isReal ? "same" : apart > 0 ? more : less;
  return { metric, before: old.mean, after: now.mean, noise: bound, judgement };
}

function valuesOfRuns(runs: readonly RunReport[]): Values {
  const of = (value: (run: RunReport) => number) => runs.map(value);
  return {
    throughput: of(({ throughput }) => throughput),
    p50: of((run) => latency(run).p50),
    p90: of((run) => latency(run).p90),
    p99: of((run) => latency(run).p99),
    errors: of(errorShare),
  };
}

function latency({ response, service }: Figures) {
  return response ?? service;
}

function errorShare({ ledger }: Figures): number {
  const failed = failedOf(ledger);
  const ended = ledger.ok + failed;
  return ended === 0 ? 0 : failed / ended;
}

function valuesOfPieces(runs: readonly RunReport[]): Values {
  const { timeline, ...run } = runs.at(-1)!;
  const pieces = cut(timeline);
  if (pieces.length < 2) {
    const { p50, p90, p99 } = latency(run);
    return { throughput: [run.throughput], p50: [p50], p90: [p90], p99: [p99] };
  }
  const mean = (values: readonly number[]) => sample(values).mean;
  return {
    throughput: pieces.map((slices) =>
      mean(slices.map(({ ok, failed }) => ok + failed)) * MS_PER_SECOND / timeline.widthMs
    ),
    p50: pieces.map((slices) => mean(slices.map(({ p50 }) => p50))),
    p99: pieces.map((slices) => mean(slices.map(({ p99 }) => p99))),
    errors: pieces.map((slices) => {
      const failed = mean(slices.map(({ failed }) => failed));
      const ended = failed + mean(slices.map(({ ok }) => ok));
      return ended === 0 ? 0 : failed / ended;
    }),
  };
}

/** Without the first slice and the last, which are seldom whole. */
function cut({ slices }: TimelineReport) {
  const whole = slices.slice(1, -1);
  const size = Math.max(1, Math.floor(whole.length / PIECES));
  const count = Math.floor(whole.length / size);
  return Array.from({ length: count }, (_, i) => whole.slice(i * size, (i + 1) * size));
}
