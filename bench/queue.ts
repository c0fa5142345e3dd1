/**
 * The queue bench: the job queue beside others whose servers are installed, each asked to take in,
 * give out and finish the same jobs.
 *
 *   deno task bench queue
 *   deno task bench queue --rounds 1 --only wakeful,beanstalkd
 */
import { parseArgs } from "node:util";
import {
  type Experiment,
  formatNumber,
  type Metric,
  runInterleaved,
  type Sample,
} from "./harness/experiment.ts";
import { BenchFailure, UsageFailure } from "./harness/failure.ts";
import { CLIENT_CPU, describeMachine, requireTaskset, SERVER_CPU } from "./harness/machine.ts";
import { summarize } from "./harness/stats.ts";
import { textGrid } from "./harness/table.ts";
import { beanstalkdVersion, measureBeanstalkd } from "./queue/beanstalkd.ts";
import { installBullmq, measureBullmq } from "./queue/bullmq.ts";
import {
  GRAPHILE_WORKER,
  installOnPostgres,
  measureOnPostgres,
  PG_BOSS,
} from "./queue/on_postgres.ts";
import * as plan from "./queue/plan.ts";
import { measureWakeful } from "./queue/wakeful.ts";

const USAGE = `usage: deno task bench queue [--rounds N] [--only LIST]

Job queues side by side: ${plan.JOBS} no-op jobs put in one by one (${plan.IN_FLIGHT} in flight) and
${plan.BULK} at a time, worked on ${plan.CONCURRENCY} at once, and the time from sending a job to its start
at 100 a second. "fsync" is on the disk before it is answered, as wakeful is by default.
`;

interface Contestant {
  readonly name: string;
  /** What it is; throws when it cannot take part here. */
  about(): Promise<string>;
  measure(): Promise<Sample>;
}

const DENO = `Deno ${Deno.version.deno}`;

const CONTESTANTS: readonly Contestant[] = [
  {
    name: "wakeful",
    about: () => Promise.resolve(`job-queue serve over HTTP, SQLite with fsync, ${DENO}`),
    measure: () => measureWakeful([]),
  },
  {
    name: "wakeful-normal",
    about: () => Promise.resolve("the same with --synchronous normal: outlives the process only"),
    measure: () => measureWakeful(["--synchronous", "normal"]),
  },
  { name: "bullmq-fsync", about: installBullmq, measure: () => measureBullmq(true) },
  {
    name: "bullmq",
    about: () => Promise.resolve("nothing on the disk"),
    measure: () => measureBullmq(false),
  },
  {
    name: "graphile-worker",
    about: () => installOnPostgres(GRAPHILE_WORKER),
    measure: () => measureOnPostgres(GRAPHILE_WORKER),
  },
  {
    name: "pg-boss",
    about: () => installOnPostgres(PG_BOSS),
    measure: () => measureOnPostgres(PG_BOSS),
  },
  { name: "beanstalkd-fsync", about: beanstalkdVersion, measure: () => measureBeanstalkd(true) },
  {
    name: "beanstalkd",
    about: () => Promise.resolve("nothing on the disk"),
    measure: () => measureBeanstalkd(false),
  },
];

const METRICS: Metric[] = [
  { key: "singles", title: "singles/s", digits: 0 },
  { key: "bulk", title: "bulk/s", digits: 0 },
  { key: "processed", title: "processed/s", digits: 0 },
  { key: "p50", title: "start p50, ms", digits: 2 },
  { key: "p99", title: "start p99, ms", digits: 2 },
];

export async function queueBench(args: string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) return console.log(USAGE);
  await requireTaskset([SERVER_CPU, CLIENT_CPU]);
  console.log(await describeMachine());
  const subjects = await present(options.only);
  if (subjects.length === 0) throw new BenchFailure("nobody can take part");
  const experiment = await runInterleaved({
    title: "queue",
    metrics: METRICS,
    subjects,
    runs: options.rounds,
    measure: (subject) => subject.measure(),
  });
  console.log(`\n${report(experiment)}`);
}

/** Those that can take part; who cannot, and why, is told. */
async function present(only: readonly string[] | undefined): Promise<Contestant[]> {
  const found: Contestant[] = [];
  for (const contestant of CONTESTANTS) {
    if (only !== undefined && !only.includes(contestant.name)) continue;
    try {
      console.log(`${contestant.name}: ${await contestant.about()}`);
      found.push(contestant);
    } catch (error) {
      if (!(error instanceof BenchFailure)) throw error;
      console.log(`${contestant.name} is absent: ${error.message.split("\n")[0]}`);
    }
  }
  return found;
}

function report({ samples }: Experiment): string {
  const rows = Object.entries(samples).map(([name, runs]) => [
    name,
    ...METRICS.map(({ key, digits }) => {
      const { median } = summarize(runs.map((run) => run[key]));
      return Number.isFinite(median) ? formatNumber(median, digits) : "\u2013";
    }),
  ]);
  return textGrid([["queue", ...METRICS.map(({ title }) => title)], ...rows], 1);
}

function readOptions(args: string[]): { rounds: number; only?: string[] } | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const names = CONTESTANTS.map(({ name }) => name);
  const only = values.only?.split(",").map((name) => name.trim());
  const strange = only?.find((name) => !names.includes(name));
  if (strange !== undefined) {
    throw new UsageFailure(`--only: expected any of ${names.join(",")}, got '${strange}'`);
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new UsageFailure(`--rounds: expected a whole number from 1, got '${values.rounds}'`);
  }
  return { rounds, only };
}

function parse(args: string[]) {
  const options = {
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw new UsageFailure(error instanceof Error ? error.message : String(error));
  }
}
