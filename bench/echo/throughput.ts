/** Round trips under load: how many, what each costs the server, how long each takes. */
import type { Sample } from "../harness/experiment.ts";
import type { Patience } from "../harness/quiet.ts";
import { type Load, runLoad, warmUp } from "./clients.ts";
import type { Column } from "./report.ts";
import { OTHERS } from "./rounds.ts";
import { type EchoServer, startServer } from "./servers.ts";

export const LOAD_COLUMNS: Column[] = [
  { key: "roundTripsPerSecond", title: "round trips/s", digits: 0, compared: true },
  { key: "cpuUs", title: "server CPU, µs/rt", digits: 2, compared: true },
  { key: "userUs", title: "user", digits: 2, compared: true },
  { key: "systemUs", title: "system", digits: 2, compared: true },
  { key: "p50Us", title: "p50, µs", digits: 0 },
  { key: "p99Us", title: "p99, µs", digits: 0 },
  // Percentiles count echoes, and a starved connection has few: only the longest wait shows it.
  { key: "longestUs", title: "longest, µs", digits: 0 },
  { key: OTHERS, title: "others, % CPU", digits: 0 },
];

export async function measureThroughput(
  server: EchoServer,
  load: Load,
  patience: Patience,
): Promise<Sample> {
  await using running = await startServer(server);
  await warmUp(running);
  await patience.waitForQuiet();
  const { cpu, roundTrips, seconds, othersPercent, ...latency } = await runLoad(running, load);
  const { p50Us, p99Us, longestUs } = latency;
  return {
    roundTripsPerSecond: roundTrips / seconds,
    cpuUs: (cpu.userUs + cpu.systemUs) / roundTrips,
    userUs: cpu.userUs / roundTrips,
    systemUs: cpu.systemUs / roundTrips,
    p50Us,
    p99Us,
    longestUs,
    [OTHERS]: othersPercent,
  };
}
