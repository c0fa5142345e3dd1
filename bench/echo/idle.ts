/** What an idle server costs: memory for each silent connection, CPU time with and without them. */
import type { Metric, Sample } from "../harness/experiment.ts";
import { residentBytes, threadCpuUs } from "../harness/proc.ts";
import { holdConnections, warmUp } from "./clients.ts";
import { type EchoServer, startServer } from "./servers.ts";

export interface IdlePlan {
  connections: number;
  /** How long the CPU of the idle server is watched, twice. */
  seconds: number;
}

const MS_PER_S = 1000;
const US_PER_S = 1_000_000;
const PERCENT = 100;
const BYTES_PER_MIB = 1024 * 1024;

/** A server that used less than this of a CPU in a pause has accepted and answered everything. */
const REST_PERCENT = 1;
const REST_PAUSE_S = 0.3;
/** A server that never rests is measured all the same: its idle CPU tells. */
const REST_ATTEMPTS = 30;

export const IDLE_METRICS: Metric[] = [
  { key: "baseMiB", title: "memory without connections, MiB", digits: 1 },
  { key: "heldBytes", title: "memory/connection, bytes", digits: 0 },
  { key: "echoedBytes", title: "  after one echo on each", digits: 0 },
  { key: "emptyCpuPercent", title: "CPU without connections, %", digits: 3 },
  { key: "heldCpuPercent", title: "CPU with all held, %", digits: 3 },
];

export async function measureIdle(server: EchoServer, plan: IdlePlan): Promise<Sample> {
  const { connections, seconds } = plan;
  await using running = await startServer(server.name, server.idle);
  const { pid } = running;
  await warmUp(running);
  await rest(pid);
  const emptyCpuPercent = await cpuPercent(pid, seconds);
  const base = await residentBytes(pid);

  await using held = await holdConnections(running, connections);
  await rest(pid);
  const heldBytes = (await residentBytes(pid) - base) / connections;
  const heldCpuPercent = await cpuPercent(pid, seconds);

  await held.echoOnEach();
  await rest(pid);
  const echoedBytes = (await residentBytes(pid) - base) / connections;
  return { baseMiB: base / BYTES_PER_MIB, heldBytes, echoedBytes, emptyCpuPercent, heldCpuPercent };
}

/** Thread by thread, because one that ends takes its time out of any sum. */
async function cpuPercent(pid: number, seconds: number): Promise<number> {
  const before = await threadCpuUs(pid);
  const start = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * MS_PER_S));
  const elapsedS = (performance.now() - start) / MS_PER_S;
  let usedUs = 0;
  for (const [thread, us] of await threadCpuUs(pid)) usedUs += us - (before.get(thread) ?? 0);
  return usedUs / US_PER_S / elapsedS * PERCENT;
}

async function rest(pid: number): Promise<void> {
  for (let attempt = 0; attempt < REST_ATTEMPTS; attempt++) {
    if (await cpuPercent(pid, REST_PAUSE_S) < REST_PERCENT) return;
  }
}
