/** Round trips under load: how many, what each costs the server, how long each takes. */
import type { Metric, Sample } from "../harness/experiment.ts";
import { type Load, runLoad, warmUp } from "./clients.ts";
import { type EchoServer, startServer } from "./servers.ts";

const US_PER_S = 1_000_000;
const PERCENT = 100;

/** The metric that tells whether something else took the CPUs of server and client. */
export const DISTURBANCE = "disturbedPercent";

export const THROUGHPUT_METRICS: Metric[] = [
  { key: "roundTripsPerSecond", title: "round trips/s", digits: 0 },
  { key: "cpuUs", title: "server CPU, µs/round trip", digits: 2 },
  { key: "userUs", title: "  user", digits: 2 },
  { key: "systemUs", title: "  system", digits: 2 },
  { key: "busyPercent", title: "server busy, %", digits: 0 },
  { key: "p50Us", title: "latency p50, µs", digits: 0 },
  { key: "p99Us", title: "latency p99, µs", digits: 0 },
  // Percentiles count echoes, and a starved connection has few: only the longest wait shows it.
  { key: "longestUs", title: "longest wait, µs", digits: 0 },
  { key: DISTURBANCE, title: "kept waiting by others, %", digits: 1 },
];

export async function measureThroughput(server: EchoServer, load: Load): Promise<Sample> {
  await using running = await startServer(server.name, server.loaded);
  await warmUp(running);
  const { cpu, roundTrips, seconds, p50Us, p99Us, longestUs, waitedUs } = await runLoad(
    running,
    load,
  );
  const totalUs = cpu.userUs + cpu.systemUs;
  return {
    roundTripsPerSecond: roundTrips / seconds,
    cpuUs: totalUs / roundTrips,
    userUs: cpu.userUs / roundTrips,
    systemUs: cpu.systemUs / roundTrips,
    busyPercent: totalUs / US_PER_S / seconds * PERCENT,
    p50Us,
    p99Us,
    longestUs,
    [DISTURBANCE]: waitedUs / US_PER_S / seconds * PERCENT,
  };
}
