/** The echo bench: our echo-server beside the plain Deno server, under load and idle. */
import { buildClients } from "./echo/clients.ts";
import { IDLE_METRICS, measureIdle } from "./echo/idle.ts";
import { ECHO_USAGE, type EchoOptions, parseEchoOptions } from "./echo/options.ts";
import { BASELINE, type EchoServer } from "./echo/servers.ts";
import { DISTURBANCE, measureThroughput, THROUGHPUT_METRICS } from "./echo/throughput.ts";
import { compare, type Experiment, type Plan, runInterleaved } from "./harness/experiment.ts";
import { describeMachine, requireMachine } from "./harness/machine.ts";
import { markdownTable, textTable } from "./harness/table.ts";
import { writeReport } from "./harness/write.ts";

const JSON_INDENT = 2;

export async function echoBench(args: string[]): Promise<void> {
  const options = parseEchoOptions(args);
  if (options === undefined) return console.log(ECHO_USAGE);
  await requireMachine();
  await buildClients();
  const machine = await describeMachine();
  console.log(machine);
  const experiments: Experiment[] = [];
  for (const plan of plansOf(options)) {
    const experiment = await runInterleaved(plan);
    console.log(`\n${textTable(experiment, BASELINE)}\n`);
    experiments.push(experiment);
  }
  await writeReport(options.json, () => asJson(options.servers, machine, experiments));
  await writeReport(options.md, () => asMarkdown(machine, experiments));
}

function plansOf(options: EchoOptions): Plan<EchoServer>[] {
  const plans = options.connections.map((connections) => throughputPlan(options, connections));
  return options.idle > 0 ? [...plans, idlePlan(options)] : plans;
}

function throughputPlan(options: EchoOptions, connections: number): Plan<EchoServer> {
  const { bytes, seconds, servers, runs, quiet = Infinity } = options;
  return {
    title: `${connections} connections × ${bytes} B (runs: ${runs}, each ${seconds} s)`,
    metrics: THROUGHPUT_METRICS,
    subjects: servers,
    runs,
    measure: (server) => measureThroughput(server, { connections, bytes, seconds }),
    spoilt: (sample) => sample[DISTURBANCE] > quiet,
  };
}

function idlePlan({ idle, idleSeconds, idleRuns, servers }: EchoOptions): Plan<EchoServer> {
  return {
    title: `${idle} idle connections (runs: ${idleRuns}, each ${idleSeconds} s)`,
    metrics: IDLE_METRICS,
    subjects: servers,
    runs: idleRuns,
    measure: (server) => measureIdle(server, { connections: idle, seconds: idleSeconds }),
  };
}

function asMarkdown(machine: string, experiments: Experiment[]): string {
  const tables = experiments.map((experiment) => markdownTable(experiment, BASELINE));
  return ["## Echo", machine, ...tables].join("\n\n") + "\n";
}

function asJson(servers: EchoServer[], machine: string, experiments: Experiment[]): string {
  const results = experiments.map((experiment) => ({
    ...experiment,
    comparison: compare(experiment, BASELINE),
  }));
  return JSON.stringify({ bench: "echo", machine, servers, results }, null, JSON_INDENT) + "\n";
}
