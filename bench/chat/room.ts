/** A busy room: how many lines are delivered, what each costs, how late they are. */
import { startServer } from "../echo/servers.ts";
import type { EchoServer as Server } from "../echo/servers.ts";
import { BenchFailure } from "../harness/failure.ts";
import type { Metric, Sample } from "../harness/experiment.ts";
import { CLIENT_CPU } from "../harness/machine.ts";
import { type CpuTimes, cpuTimes, residentBytes } from "../harness/proc.ts";
import { Program } from "../harness/program.ts";
import { type Patience, watchOthers } from "../harness/quiet.ts";

/** A room, and how long it is listened to. */
export interface Room {
  readonly clients: number;
  readonly senders: number;
  readonly seconds: number;
  /** How many messages are on their way at a time. */
  readonly inFlight: number;
  /** Whether there is one client more, which never reads. */
  readonly stuck: boolean;
}

/** The metric that tells what others took of the two CPUs. */
export const OTHERS = "othersPercent";

export const COLUMNS: Metric[] = [
  { key: "deliveriesPerSecond", title: "deliveries/s", digits: 0 },
  { key: "cpuNs", title: "server CPU, ns/delivery", digits: 0 },
  { key: "userNs", title: "user", digits: 0 },
  { key: "p50Us", title: "p50, µs", digits: 0 },
  { key: "p99Us", title: "p99, µs", digits: 0 },
  { key: "grownKib", title: "memory grown, KiB", digits: 0 },
  { key: OTHERS, title: "others, % CPU", digits: 0 },
];

const HOST = "127.0.0.1";
const START_LIMIT_MS = 65_000;
const MS_PER_S = 1_000;
const NS_PER_US = 1_000;
const BYTES_PER_KIB = 1_024;

/** What `chat_load` prints. */
interface Report {
  readonly deliveries: number;
  readonly seconds: number;
  readonly missed: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** Fills the room twice, once to warm the server up, and listens the second time. */
export async function measureRoom(
  client: string,
  server: Server,
  room: Room,
  patience: Patience,
): Promise<Sample> {
  await using running = await startServer(server);
  await listen(client, running, { ...room, seconds: 1, stuck: false });
  await patience.waitForQuiet();
  return await listen(client, running, room);
}

async function listen(
  program: string,
  server: { name: string; pid: number; port: number },
  room: Room,
): Promise<Sample> {
  const { clients, senders, seconds, inFlight, stuck } = room;
  const args = [server.port, clients, senders, seconds, inFlight, stuck ? 1 : 0].map(String);
  const words = [program, HOST, ...args];
  await using client = new Program({ name: `chat_load on ${server.name}`, words, cpu: CLIENT_CPU });
  await client.line(START_LIMIT_MS);
  const [before, memory] = [await cpuTimes(server.pid), await residentBytes(server.pid)];
  const others = await watchOthers([server.pid, client.pid]);
  await client.say("start");
  const report: Report = JSON.parse(await client.line(seconds * MS_PER_S + START_LIMIT_MS));
  const after = await cpuTimes(server.pid);
  if (report.missed > 0) throw new BenchFailure(`${server.name}: a client that reads missed lines`);
  const { user, all } = spent(before, after);
  return {
    deliveriesPerSecond: report.deliveries / report.seconds,
    cpuNs: all * NS_PER_US / report.deliveries,
    userNs: user * NS_PER_US / report.deliveries,
    p50Us: report.p50Us,
    p99Us: report.p99Us,
    grownKib: (await residentBytes(server.pid) - memory) / BYTES_PER_KIB,
    [OTHERS]: await others.percent(),
  };
}

function spent(before: CpuTimes, after: CpuTimes): { user: number; all: number } {
  const user = after.userUs - before.userUs;
  return { user, all: user + after.systemUs - before.systemUs };
}
