/** The C clients: ping-pong load, and connections that are only held. */
import { compileC } from "../harness/build.ts";
import { BenchFailure } from "../harness/failure.ts";
import { CLIENT_CPU } from "../harness/machine.ts";
import { type CpuTimes, cpuTimes } from "../harness/proc.ts";
import { Program } from "../harness/program.ts";
import { watchOthers } from "../harness/quiet.ts";
import type { RunningServer } from "./servers.ts";

const HOST = "127.0.0.1";
/** Held connections get their own source address, and with it their own range of ports. */
const HOLD_SOURCE = "127.0.0.2";
/** A little above the clients' own limit for a phase, so that their explanation comes first. */
const PHASE_LIMIT_MS = 65_000;
const MS_PER_S = 1000;

export interface Load {
  connections: number;
  bytes: number;
  seconds: number;
}

/** What `echo_load` prints. */
interface LoadReport {
  roundTrips: number;
  seconds: number;
  errors: number;
  p50Us: number;
  p99Us: number;
  longestUs: number;
}

export interface LoadResult extends LoadReport {
  /** What the server used within the window. */
  cpu: CpuTimes;
  /** What everybody else took of the two CPUs, in percent of one. */
  othersPercent: number;
}

const WARM_UP: Load = { connections: 50, bytes: 64, seconds: 1.5 };

const programs = new Map<string, string>();

/** Compiles the clients; needed once, before anything else here. */
export async function buildClients(): Promise<void> {
  for (const name of ["echo_load", "idle_hold"]) {
    programs.set(name, await compileC("clients", name));
  }
}

/** Lets the server's code become hot, and its first buffers and pages be there. */
export async function warmUp(server: RunningServer): Promise<void> {
  await runLoad(server, WARM_UP);
}

/** Runs one window of load. Throws when a connection broke or an echo was wrong or missing. */
export async function runLoad(server: RunningServer, load: Load): Promise<LoadResult> {
  const { connections, bytes, seconds } = load;
  await using client = await connect("echo_load", server, [connections, bytes, seconds]);
  const before = await cpuTimes(server.pid);
  const others = await watchOthers([server.pid, client.pid]);
  await client.say("start");
  const line = await client.line(seconds * MS_PER_S + PHASE_LIMIT_MS);
  const after = await cpuTimes(server.pid);
  const othersPercent = await others.percent();
  const report: LoadReport = JSON.parse(line);
  if (report.errors > 0) {
    throw new BenchFailure(`${server.name}: ${report.errors} of ${connections} connections failed`);
  }
  const cpu = {
    userUs: after.userUs - before.userUs,
    systemUs: after.systemUs - before.systemUs,
  };
  return { ...report, cpu, othersPercent };
}

/** Connections that stay open, silent unless told to echo, until disposed of. */
export interface HeldConnections extends AsyncDisposable {
  echoOnEach(): Promise<void>;
}

export async function holdConnections(
  server: RunningServer,
  count: number,
): Promise<HeldConnections> {
  const client = await connect("idle_hold", server, [count, HOLD_SOURCE]);
  return {
    async echoOnEach() {
      await client.say("echo");
      await client.line(PHASE_LIMIT_MS);
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Starts a client and waits for its `ready` line. */
async function connect(
  name: string,
  server: RunningServer,
  args: (number | string)[],
): Promise<Program> {
  const words = [programs.get(name)!, HOST, server.port, ...args].map(String);
  const client = new Program({ name: `${name} against ${server.name}`, words, cpu: CLIENT_CPU });
  try {
    await client.line(PHASE_LIMIT_MS);
    return client;
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}
