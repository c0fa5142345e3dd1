/** What silent connections cost a server: memory, and how often it wakes for nothing. */
import type { Sample } from "../harness/experiment.ts";
import { added, residentBytes, threadCpuUs, threadSleeps } from "../harness/proc.ts";
import { summarize } from "../harness/stats.ts";
import { holdConnections, warmUp } from "./clients.ts";
import type { Column } from "./report.ts";
import { type EchoServer, startServer } from "./servers.ts";

export interface IdlePlan {
  connections: number;
  /** How long the idle server is watched. */
  seconds: number;
}

const MS_PER_S = 1000;
const US_PER_S = 1_000_000;
const PERCENT = 100;
const BYTES_PER_MIB = 1024 * 1024;

/** A server that used less than this of a CPU in a pause has accepted and answered everything. */
const REST_PERCENT = 1;
const REST_PAUSE_S = 0.3;
/** A server that does not come to rest is measured all the same: its wake-ups tell. */
const REST_ATTEMPTS = 5;

export const IDLE_COLUMNS: Column[] = [
  { key: "baseMiB", title: "base, MiB", digits: 1, compared: true },
  { key: "heldBytes", title: "bytes/idle connection", digits: 0, compared: true },
  { key: "echoedBytes", title: "after one echo on each", digits: 0, compared: true },
  { key: "wakeUpsPerSecond", title: "wake-ups/s", digits: 1 },
  { key: "usualWakeUps", title: "in a usual second", digits: 1 },
  { key: "heldCpuPercent", title: "CPU, %", digits: 3 },
];

export async function measureIdle(server: EchoServer, plan: IdlePlan): Promise<Sample> {
  const { connections, seconds } = plan;
  const { words, whenIdle = [] } = server;
  await using running = await startServer({ ...server, words: [...words, ...whenIdle] });
  const { pid } = running;
  await warmUp(running);
  await rest(pid);
  const base = await residentBytes(pid);

  await using held = await holdConnections(running, connections);
  await rest(pid);
  const heldBytes = (await residentBytes(pid) - base) / connections;

  await held.echoOnEach();
  await rest(pid);
  const echoedBytes = (await residentBytes(pid) - base) / connections;
  const idle = await watchIdle(pid, seconds);
  return { baseMiB: base / BYTES_PER_MIB, heldBytes, echoedBytes, ...idle };
}

/**
 * Second by second: a timer that falls due, or a collection of garbage that idleness invites, wakes
 * the server in one of them; in a usual second, the median, only what wakes it again and again.
 */
async function watchIdle(pid: number, seconds: number): Promise<Sample> {
  const slices: Slice[] = [];
  while (slices.length < seconds) slices.push(await watchSlice(pid, 1));
  const wakeUps = slices.map((slice) => slice.wakeUps);
  const cpu = slices.map((slice) => slice.cpuPercent);
  return {
    wakeUpsPerSecond: mean(wakeUps),
    usualWakeUps: summarize(wakeUps).median,
    heldCpuPercent: mean(cpu),
  };
}

interface Slice {
  /** For each second. */
  wakeUps: number;
  cpuPercent: number;
}

/** Thread by thread, because one that ends takes its figures out of any sum. */
async function watchSlice(pid: number, seconds: number): Promise<Slice> {
  const [cpuBefore, sleepsBefore] = [await threadCpuUs(pid), await threadSleeps(pid)];
  const start = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * MS_PER_S));
  const [cpu, sleeps] = [await threadCpuUs(pid), await threadSleeps(pid)];
  const elapsedS = (performance.now() - start) / MS_PER_S;
  return {
    wakeUps: added(sleepsBefore, sleeps) / elapsedS,
    cpuPercent: added(cpuBefore, cpu) / US_PER_S / elapsedS * PERCENT,
  };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function rest(pid: number): Promise<void> {
  for (let attempt = 0; attempt < REST_ATTEMPTS; attempt++) {
    const { cpuPercent } = await watchSlice(pid, REST_PAUSE_S);
    if (cpuPercent < REST_PERCENT) return;
  }
}
