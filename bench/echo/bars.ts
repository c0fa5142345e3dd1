/** What has to be reached, and whether it was. */
import { type Experiment, formatNumber } from "../harness/experiment.ts";
import { EPOLL } from "./lineup.ts";
import { medianOf, ratioOf } from "./rounds.ts";

/** One demand on a metric: a figure, or so many times another server's. */
export interface Bar {
  metric: string;
  /** What is measured, in a word. */
  title: string;
  is: "≥" | "≤";
  limit: number;
  /** Whose figure the limit multiplies; without it the limit is the figure itself. */
  times?: string;
  /** On whom the demand is made: the epoll driver unless said otherwise. */
  on?: string;
}

/** A bar beside what was measured: the median, or the median of the ratios of neighbours. */
export interface Verdict {
  server: string;
  bar: string;
  measured: number;
  passed: boolean;
  /** Whether no round was quiet for both it concerns, so that it says little. */
  disturbed: boolean;
}

/** Undefined when one that it concerns was not there, or is compared with zero. */
export function judge(bar: Bar, experiment: Experiment): Verdict | undefined {
  const { metric, title, is, limit, times, on: server = EPOLL } = bar;
  const { [server]: own, [times ?? server]: other } = experiment.samples;
  if (own === undefined || other === undefined) return undefined;
  const { found: measured, disturbed } = times === undefined
    ? medianOf(own, metric)
    : ratioOf(own, other, metric);
  if (measured === undefined) return undefined;
  const passed = is === "≥" ? measured >= limit : measured <= limit;
  const demand = times === undefined ? formatNumber(limit, digitsOf(limit)) : `${limit} × ${times}`;
  return { server, bar: `${title} ${is} ${demand}`, measured, passed, disturbed };
}

function digitsOf(limit: number): number {
  return Number.isInteger(limit) ? 0 : 2;
}
