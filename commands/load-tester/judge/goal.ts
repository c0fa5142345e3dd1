import { readAmount } from "../amount.ts";
import type { Kind } from "../../cli/kind.ts";
import { expected, found } from "../../cli/reading.ts";
import { readDuration } from "../../cli/units.ts";
import { digits, duration } from "../report/figures.ts";

/** What a goal may be about: a latency, a share of the requests, or how many a second. */
export type Metric =
  | { readonly kind: "percentile"; readonly percent: number }
  | { readonly kind: "mean" | "max" | "rps" | "errors" | "unsent" };

/** `p99<50ms`: what a run has to fulfil. Durations in milliseconds, shares from 0 to 1. */
export interface Goal {
  /** As it was typed. */
  readonly text: string;
  readonly metric: Metric;
  readonly below: boolean;
  /** Whether the limit itself is good enough. */
  readonly inclusive: boolean;
  readonly limit: number;
}

/** What goals are held against. */
export interface Measured {
  /** Of the time from when requests were due. */
  percentile(percent: number): number;
  readonly mean: number;
  readonly max: number;
  /** Answers per second. */
  readonly rps: number;
  /** Of those that ended, the share that did not succeed. */
  readonly errors: number;
  /** Of those that were due, the share that was not sent. */
  readonly unsent: number;
  /** Whether there was anything to measure. */
  readonly any: boolean;
}

const SHAPE = /^(p\d{1,2}(?:\.\d{1,4})?|mean|max|rps|errors|unsent)(<=?|>=?)(.+)$/;
const MICROSECONDS = /^(\d{1,12}(?:\.\d{1,6})?)[uµ]s$/;
const US_PER_MS = 1_000;
const PER_CENT = /^(\d{1,3}(?:\.\d{1,6})?)%$/;
const HUNDRED = 100;

/** A goal on the command line. */
export function goal(): Kind<Goal> {
  const expects = "a goal such as p99<50ms, mean<500us, max<1s, errors<1%, unsent<1% or rps>10k";
  return {
    placeholder: "GOAL",
    expects,
    notation: "such as p99<50ms, mean<500us, max<1s, errors<1%, unsent<1% or rps>10k",
    read(word) {
      const [, name, comparison, limit] = SHAPE.exec(word.replaceAll(" ", "")) ?? [];
      const metric = name === undefined ? undefined : metricOf(name);
      const value = metric === undefined ? undefined : limitOf(metric, limit);
      if (metric === undefined || value === undefined) return expected(expects);
      return found({
        text: word,
        metric,
        below: comparison.startsWith("<"),
        inclusive: comparison.endsWith("="),
        limit: value,
      });
    },
    show: ({ text }) => text,
  };
}

/** What a run has of a goal's metric. */
export function valueOf({ metric }: Goal, measured: Measured): number {
  return metric.kind === "percentile" ? measured.percentile(metric.percent) : measured[metric.kind];
}

/** Whether a run fulfils a goal. A latency that nothing was measured of fulfils none. */
export function isMet(goal: Goal, measured: Measured): boolean {
  if (!measured.any && isLatency(goal.metric)) return false;
  const value = valueOf(goal, measured);
  if (value === goal.limit) return goal.inclusive;
  return value < goal.limit === goal.below;
}

/** What a run has of a goal that was typed like this, for people. */
export function showValue(text: string, value: number): string {
  const [, name] = SHAPE.exec(text.replaceAll(" ", "")) ?? [];
  if (name === "rps") return digits(value, 1);
  if (name !== "errors" && name !== "unsent") return duration(value);
  return `${Number((value * HUNDRED).toPrecision(4))}%`;
}

function isLatency({ kind }: Metric): boolean {
  return kind === "percentile" || kind === "mean" || kind === "max";
}

function metricOf(name: string): Metric {
  if (!/^p\d/.test(name)) return { kind: name as "mean" };
  return { kind: "percentile", percent: Number(name.slice(1)) };
}

function limitOf(metric: Metric, text: string): number | undefined {
  if (metric.kind === "rps") return readAmount(text);
  if (isLatency(metric)) {
    const [, microseconds] = MICROSECONDS.exec(text) ?? [];
    if (microseconds !== undefined) return Number(microseconds) / US_PER_MS;
    const duration = readDuration(text);
    return duration.ok ? duration.value : undefined;
  }
  const [, share] = PER_CENT.exec(text) ?? [];
  return share === undefined ? undefined : Number(share) / HUNDRED;
}
