import { VERSION } from "../../cli/version.ts";
import type { LoadOptions } from "../command.ts";
import { compare } from "../judge/compare.ts";
import { type Goal, isMet, valueOf } from "../judge/goal.ts";
import { measured } from "../judge/measured.ts";
import type { Plan } from "../plan.ts";
import type { SessionOutcome } from "../session.ts";
import {
  type GoalReport,
  type Report,
  type RunReport,
  SCHEMA_NAME,
  type Settings,
} from "./report.ts";

/** What a report says before anything was measured. */
export type ReportHead = Pick<
  Report,
  "schema" | "version" | "started" | "mode" | "urls" | "method" | "settings"
>;

export function headOf(options: LoadOptions, plan: Plan, wall: number): ReportHead {
  const { urls, shape } = plan.setup;
  return {
    schema: SCHEMA_NAME,
    version: VERSION,
    started: new Date(wall).toISOString(),
    mode: plan.mode,
    urls,
    method: shape.method,
    settings: settingsOf(options, plan),
  };
}

function settingsOf(options: LoadOptions, { mode, pass }: Plan): Settings {
  const { concurrency, threads, driver, rate, steps, ramp, timeout } = options;
  const isSearch = mode === "capacity";
  return {
    concurrency,
    threads,
    driver,
    requests: isSearch || pass.count === Infinity ? undefined : pass.count,
    durationMs: isSearch || pass.duration === Infinity ? undefined : pass.duration,
    rate,
    steps: steps && { rates: steps.rates, eachMs: steps.each },
    rampMs: ramp,
    timeoutMs: timeout,
    keepAlive: !options.disableKeepalive,
  };
}

/** The whole report; goals are held against the last run. */
export function assemble(
  head: ReportHead,
  { measurements, capacity, interrupted }: SessionOutcome,
  goals: readonly Goal[],
  baseline: readonly RunReport[] | undefined,
): Report {
  const runs = measurements.map(({ report }) => report);
  const last = measured(measurements.at(-1)!.result);
  return {
    ...head,
    runs,
    capacity,
    comparison: baseline && compare(baseline, runs),
    goals: goals.map((goal): GoalReport => ({
      goal: goal.text,
      value: valueOf(goal, last),
      met: isMet(goal, last),
    })),
    interrupted,
  };
}
