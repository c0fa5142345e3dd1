/**
 * The load bench: the load tester beside wrk, autocannon and hey against a fixed fast server, and
 * what only it can be asked. The server has a CPU, the generators take turns on the other.
 */
import { parseArgs } from "node:util";
import { startServer } from "./echo/servers.ts";
import { compileC } from "./harness/build.ts";
import { formatNumber } from "./harness/experiment.ts";
import { UsageFailure } from "./harness/failure.ts";
import { describeMachine, requireMachine } from "./harness/machine.ts";
import { pairRatios, summarize } from "./harness/stats.ts";
import { markdownGrid, textGrid } from "./harness/table.ts";
import { writeReport } from "./harness/write.ts";
import { BASELINE, type Generator, generators, type Said } from "./load/generators.ts";
import { runPinned } from "./load/process.ts";
import { type Finding, memory, pace, searches, stall } from "./load/special.ts";

const USAGE = `usage: deno task bench load [flags]

The load tester beside wrk, autocannon and hey.

  --rounds N     rounds, in each of which every generator runs once (3)
  --seconds N    how long each run is (3)
  --only WORDS   of: throughput, delayed, own; commas between them (all)
  --json FILE    write the figures
  --md FILE      write the tables as markdown
  --help
`;

const FLAGS = {
  rounds: { type: "string", default: "3" },
  seconds: { type: "string", default: "3" },
  only: { type: "string", default: "throughput,delayed,own" },
  json: { type: "string" },
  md: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** What a round has of each generator. */
interface Case {
  readonly title: string;
  readonly connections: number;
  /** How long the server takes for each answer, in microseconds. */
  readonly delayUs: number;
}

type Samples = Map<string, (Said & { readonly peakMb: number })[]>;

const THROUGHPUT: Case[] = [50, 500].map((connections) => ({
  title: `${connections} connections, as fast as they can`,
  connections,
  delayUs: 0,
}));
const DELAYED: Case[] = [
  { title: "100 connections, each answer after 10 ms", connections: 100, delayUs: 10_000 },
];
const DRIVERS = ["epoll", "deno"];
const JSON_INDENT = 2;

export async function loadBench(args: string[]): Promise<void> {
  const flags = parse(args);
  if (flags.help) return console.log(USAGE);
  await requireMachine();
  const [rounds, seconds] = [flags.rounds, flags.seconds].map(wholeNumber);
  const server = await compileC("peers", "http_epoll");
  const machine = `${await describeMachine()}; rounds: ${rounds}, ${seconds} s each`;
  const tables: { title: string; grid: string[][] }[] = [];
  const only = flags.only.split(",");
  const cases = [
    ...(only.includes("throughput") ? THROUGHPUT : []),
    ...(only.includes("delayed") ? DELAYED : []),
  ];
  for (const one of cases) {
    const samples = await measure(one, await generators(), { rounds, seconds, server });
    tables.push({ title: one.title, grid: gridOf(samples) });
    console.error(`\n${one.title}\n${textGrid(gridOf(samples), 1)}\n`);
  }
  const findings = only.includes("own") ? await ownFindings(server) : [];
  if (findings.length > 0) tables.push({ title: "By itself", grid: findingsGrid(findings) });
  const text = tables.map(({ title, grid }) => `${title}\n\n${textGrid(grid, 1)}`);
  console.log([machine, ...text].join("\n\n"));
  await writeReport(flags.md, () => {
    const parts = tables.map(({ title, grid }) => `### ${title}\n\n${markdownGrid(grid, 1)}`);
    return ["## Load generators", machine, ...parts].join("\n\n") + "\n";
  });
  await writeReport(
    flags.json,
    () => JSON.stringify({ bench: "load", machine, tables }, null, JSON_INDENT) + "\n",
  );
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    throw new UsageFailure(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(word: string): number {
  const value = Number(word);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageFailure(`expected a whole number from 1 up, got '${word}'`);
}

interface Rounds {
  readonly rounds: number;
  readonly seconds: number;
  /** The program. */
  readonly server: string;
}

async function measure(
  { title, connections, delayUs }: Case,
  all: Generator[],
  { rounds, seconds, server }: Rounds,
): Promise<Samples> {
  const samples: Samples = new Map(all.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const generator of all) {
      const words = [server, "0", String(delayUs)];
      await using running = await startServer({ name: "http_epoll", words, about: "" });
      const url = `http://127.0.0.1:${running.port}/`;
      const { stdout, peakMb } = await runPinned(generator.words({ url, connections, seconds }));
      const said = generator.read(stdout);
      samples.get(generator.name)!.push({ ...said, peakMb });
      const perSecond = formatNumber(said.perSecond, 0);
      console.error(`${title}, round ${round}/${rounds}, ${generator.name}: ${perSecond} req/s`);
    }
  }
  return samples;
}

function gridOf(samples: Samples): string[][] {
  const head = ["", "req/s", `× ${BASELINE}`, "p50 ms", "p99 ms", "peak MB"];
  const baseline = samples.get(BASELINE)!.map(({ perSecond }) => perSecond);
  const rows = [...samples].map(([name, said]) => {
    const perSecond = said.map((one) => one.perSecond);
    const { median, min, max } = summarize(perSecond);
    const ratio = pairRatios(perSecond, baseline)!.median;
    const middle = (key: "p50" | "p99" | "peakMb", digits: number) =>
      formatNumber(summarize(said.map((one) => one[key])).median, digits);
    const rate = [median, min, max].map((value) => formatNumber(value, 0));
    return [
      name,
      `${rate[0]} (${rate[1]}–${rate[2]})`,
      formatNumber(ratio, 2),
      middle("p50", 2),
      middle("p99", 2),
      middle("peakMb", 0),
    ];
  });
  return [head, ...rows];
}

async function ownFindings(server: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const note = (finding: Finding) => {
    findings.push(finding);
    console.error(`${finding.what}: ${finding.measured}`);
  };
  for (const driver of DRIVERS) {
    await using running = await startServer({
      name: "http_epoll",
      words: [server, "0"],
      about: "",
    });
    const url = `http://127.0.0.1:${running.port}/`;
    note(await pace(driver, url));
    note(await stall(driver, running, url));
    note(await memory(driver, url));
    note(await searches(driver, url));
  }
  return findings;
}

function findingsGrid(findings: Finding[]): string[][] {
  const rows = findings.map(({ what, measured, bar, holds }) => [
    what,
    measured,
    bar,
    holds ? "holds" : "missed",
  ]);
  return [["", "measured", "bar", ""], ...rows];
}
