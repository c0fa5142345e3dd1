/**
 * The echo bench: our echo-server on both drivers beside what others reach, under load and idle.
 *
 * Every run has a fresh server on one CPU and the client on the other; servers take turns, round
 * by round. Where the client is the limit, round trips per second say little and CPU time per round
 * trip says all.
 */
import type { Case, IdleCase, LoadCase } from "./echo/cases.ts";
import { buildClients } from "./echo/clients.ts";
import { IDLE_COLUMNS, measureIdle } from "./echo/idle.ts";
import { makeServers, type Present } from "./echo/lineup.ts";
import { ECHO_USAGE, type EchoOptions, parseEchoOptions } from "./echo/options.ts";
import { judged, LEGEND, markdownReport, type Result, textReport } from "./echo/report.ts";
import type { EchoServer } from "./echo/servers.ts";
import { OTHERS } from "./echo/rounds.ts";
import { LOAD_COLUMNS, measureThroughput } from "./echo/throughput.ts";
import { type Experiment, runInterleaved } from "./harness/experiment.ts";
import { BenchFailure } from "./harness/failure.ts";
import { describeMachine, requireMachine } from "./harness/machine.ts";
import { Patience, QUIET_PERCENT } from "./harness/quiet.ts";
import { writeReport } from "./harness/write.ts";

const JSON_INDENT = 2;
const MS_PER_S = 1000;

export async function echoBench(args: string[]): Promise<void> {
  const options = parseEchoOptions(args);
  if (options === undefined) return console.log(ECHO_USAGE);
  await requireMachine();
  await buildClients();
  const present = await makeServers(options.servers);
  if (present.servers.length === 0) throw new BenchFailure(present.absent.join("\n  "));
  const description = await describeRun(options, present);
  console.log(description.join("\n"));
  const results: Result[] = [];
  const patience = new Patience(options.patience * MS_PER_S);
  for (const played of options.cases) {
    const result = await play(played, present.servers, options, patience);
    console.log(`\n${textReport(result)}\n`);
    results.push(result);
  }
  await writeReport(options.json, () => asJson(description, present, results));
  await writeReport(options.md, () => asMarkdown(description, results));
}

async function describeRun(options: EchoOptions, { servers, absent }: Present): Promise<string[]> {
  const { rounds, seconds, quick } = options;
  const note = quick ? "; quick, so the figures mean nothing" : "";
  return [
    `${await describeMachine()}; rounds: ${rounds}, windows: ${seconds} s${note}`,
    ...servers.map(({ name, about }) => `${name}: ${about}`),
    ...absent,
    ...LEGEND.split("\n"),
  ];
}

async function play(
  played: Case,
  servers: EchoServer[],
  options: EchoOptions,
  patience: Patience,
): Promise<Result> {
  const idle = "held" in played;
  const experiment =
    await (idle
      ? playIdle(played, servers, options)
      : playLoad(played, servers, options, patience));
  return judged(idle ? IDLE_COLUMNS : LOAD_COLUMNS, experiment, played.bars);
}

function playLoad(
  { connections, bytes }: LoadCase,
  subjects: EchoServer[],
  { rounds: runs, seconds, redo }: EchoOptions,
  patience: Patience,
): Promise<Experiment> {
  return runInterleaved({
    title: `${connections} × ${bytes} B`,
    metrics: LOAD_COLUMNS,
    subjects,
    runs,
    measure: (server) => measureThroughput(server, { connections, bytes, seconds }, patience),
    quiet: { metric: OTHERS, most: QUIET_PERCENT, redo },
  });
}

function playIdle(
  { held: connections }: IdleCase,
  subjects: EchoServer[],
  { rounds: runs, watchSeconds: seconds }: EchoOptions,
): Promise<Experiment> {
  return runInterleaved({
    title: `${connections} idle connections`,
    metrics: IDLE_COLUMNS,
    subjects,
    runs,
    measure: (server) => measureIdle(server, { connections, seconds }),
  });
}

function asMarkdown(description: string[], results: Result[]): string {
  const list = description.map((line) => `- ${line}`).join("\n");
  return ["## Echo", list, ...results.map(markdownReport)].join("\n\n") + "\n";
}

function asJson(description: string[], { servers, absent }: Present, results: Result[]): string {
  const [machine] = description;
  const report = { bench: "echo", machine, servers, absent, results };
  return JSON.stringify(report, null, JSON_INDENT) + "\n";
}
