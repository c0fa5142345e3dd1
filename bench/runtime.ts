/**
 * The runtime bench: tasks, wakes, channels and timers beside native promises, Effect, Effection.
 *
 * Each contestant plays each case in a process of its own, so that nobody's garbage and nobody's
 * types are another's; all are pinned to one CPU and take turns, round by round. Figures are CPU
 * time of the whole process unless a title says otherwise: on a CPU that others use as well the
 * wall clock would measure them.
 */
import { describeSystem, MEASURED_CPU, requireTaskset } from "./harness/machine.ts";
import { type Metric, runInterleaved } from "./harness/experiment.ts";
import { writeReport } from "./harness/write.ts";
import type { Case } from "./runtime/cases.ts";
import { type Contestant, contestants, PEERS, play, VARIANTS } from "./runtime/contestants.ts";
import { METRIC, OURS } from "./runtime/names.ts";
import { parseRuntimeOptions, RUNTIME_USAGE, type RuntimeOptions } from "./runtime/options.ts";
import { markdownReport, type Result, textReport, verdicts } from "./runtime/report.ts";

const JSON_INDENT = 2;

export async function runtimeBench(args: string[]): Promise<void> {
  const options = parseRuntimeOptions(args);
  if (options === undefined) return console.log(RUNTIME_USAGE);
  await requireTaskset([MEASURED_CPU]);
  const present = await contestants([OURS, ...PEERS, ...VARIANTS]);
  const results: Result[] = [];
  for (const played of options.cases) {
    results.push({ played, experiment: await measure(played, present, options) });
  }
  const machine = await describeRun(options);
  console.log(`${machine}\n\n${textReport(results)}`);
  await writeReport(options.json, () => asJson(machine, results));
  await writeReport(options.md, () => `## Runtime\n\n${machine}\n\n${markdownReport(results)}\n`);
}

async function describeRun({ rounds, quick }: RuntimeOptions): Promise<string> {
  const note = quick > 1 ? "; quick, so the figures mean nothing" : "";
  return `${await describeSystem()}; all on CPU ${MEASURED_CPU}; rounds: ${rounds}${note}`;
}

function measure(played: Case, present: Contestant[], { rounds, quick }: RuntimeOptions) {
  const metric: Metric = { key: METRIC, title: played.unit, digits: played.digits };
  return runInterleaved({
    title: played.title,
    metrics: [metric],
    subjects: present.filter(({ cases }) => cases.includes(played.name)),
    runs: rounds,
    measure: async ({ name }) => ({ [METRIC]: await play(name, played, quick) }),
  });
}

function asJson(machine: string, results: Result[]): string {
  const judged = results.map((result) => ({ ...result, verdicts: verdicts(result) }));
  return JSON.stringify({ bench: "runtime", machine, results: judged }, null, JSON_INDENT) + "\n";
}
