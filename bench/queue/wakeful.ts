/** The job queue as anybody starts it, over HTTP. */
import type { Sample } from "../harness/experiment.ts";
import { TempFolder } from "../harness/folder.ts";
import { SERVER_CPU } from "../harness/machine.ts";
import { Program } from "../harness/program.ts";
import { encode, HttpClient } from "./http_client.ts";
import * as plan from "./plan.ts";

const START_LIMIT_MS = 10_000;
const BULK_LANES = 4;
const LOOK_MS = 10;
const SETTLE_MS = 100;
const BUFFER_BYTES = 64 * 1024;
const NOOP = { type: "noop" };

export async function measureWakeful(flags: string[]): Promise<Sample> {
  using folder = new TempFolder();
  const heap = "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=20"; // as the task has it
  await using server = new Program({
    name: "wakeful",
    words: [
      ...[Deno.execPath(), "run", "--quiet", "--no-check", "--allow-all", heap, "main.ts"],
      ...["job-queue", "serve", "--port", "0", "--db", `${folder.path}/queue.db`],
      ...["--workers", String(plan.CONCURRENCY), ...flags],
    ],
    cpu: SERVER_CPU,
  });
  const port = Number((await server.line(START_LIMIT_MS)).split(":").at(-1));
  server.discardOutput();
  return await measure(port);
}

async function measure(port: number): Promise<Sample> {
  using control = await HttpClient.connect(port);
  await control.ask("POST", "/queues/default/pause");
  const singles = await sendMany(port, plan.JOBS, plan.IN_FLIGHT, NOOP);
  const bulk = plan.BULK *
    await sendMany(port, plan.JOBS / plan.BULK, BULK_LANES, new Array(plan.BULK).fill(NOOP));
  const all = 2 * plan.JOBS;
  const processed = await plan.rateOf(all, async () => {
    await control.ask("POST", "/queues/default/resume");
    while ((await control.ask("GET", "/status")).completed < all) await plan.pause(LOOK_MS);
  });
  const waits = await endToEnd(port);
  return {
    singles,
    bulk,
    processed,
    p50: plan.percentile(waits, 0.5),
    p99: plan.percentile(waits, 0.99),
  };
}

async function sendMany(
  port: number,
  count: number,
  lanes: number,
  body: unknown,
): Promise<number> {
  const request = encode("POST", "/jobs", body);
  const clients = await Promise.all(Array.from({ length: lanes }, () => HttpClient.connect(port)));
  const rate = await plan.rateOf(
    count,
    () => plan.inFlight(count, lanes, (lane) => clients[lane].send(request)),
  );
  for (const client of clients) client[Symbol.dispose]();
  return rate;
}

/** From before a job is sent until an event says that a worker has it, in milliseconds. */
async function endToEnd(port: number): Promise<number[]> {
  using client = await HttpClient.connect(port);
  const events = await Deno.connect({ hostname: "127.0.0.1", port });
  const started = new Map<number, number>();
  const watching = watch(events, started);
  await plan.pause(SETTLE_MS);
  const sent = new Map<number, number>();
  for (let i = 0; i < plan.PACED_JOBS; i++) {
    const at = performance.now();
    sent.set((await client.ask("POST", "/jobs", NOOP)).id, at);
    await plan.pause(Math.max(0, plan.PACE_MS - (performance.now() - at)));
  }
  await plan.pause(SETTLE_MS);
  events.close();
  await watching;
  return [...sent].map(([id, at]) => started.get(id)! - at);
}

/** Notes when each job's start was told, until the connection is closed. */
async function watch(events: Deno.TcpConn, started: Map<number, number>): Promise<void> {
  await events.write(encode("GET", "/events"));
  const buffer = new Uint8Array(BUFFER_BYTES);
  let rest = "";
  try {
    for (let read = await events.read(buffer); read !== null; read = await events.read(buffer)) {
      const at = performance.now();
      const lines = (rest + new TextDecoder().decode(buffer.subarray(0, read))).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const id = /^data: \{"event":"JobStarted".*?"id":(\d+)/.exec(line)?.[1];
        if (id !== undefined) started.set(Number(id), at);
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted)) {
      throw error;
    }
  }
}
