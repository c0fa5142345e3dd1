/** BullMQ on Redis, under Node as most run it. */
import { resolve } from "node:path";
import { installFromNpm } from "../harness/build.ts";
import type { Sample } from "../harness/experiment.ts";
import { BenchFailure } from "../harness/failure.ts";
import { CLIENT_CPU, SERVER_CPU } from "../harness/machine.ts";
import { Program } from "../harness/program.ts";
import { runTool } from "../harness/tool.ts";
import { freePort } from "./beanstalkd.ts";
import * as plan from "./plan.ts";

const VERSION = "5.81.5";
const PEER = resolve(import.meta.dirname!, "../peers/bullmq.mjs");
const START_MS = 500;
const LIMIT_MS = 120_000;

/** Installs it beside the bench, and says what it is. */
export async function installBullmq(): Promise<string> {
  const redis = await runTool("redis-server", ["--version"], "its version");
  const node = await runTool("node", ["--version"], "its version");
  if (!node.startsWith("v")) throw new BenchFailure("node is needed and not installed");
  // Beside the package, where Node looks for it.
  await Deno.copyFile(PEER, `${await installFromNpm("bullmq", VERSION)}/bullmq.mjs`);
  return `BullMQ ${VERSION}, Node ${node}, Redis ${/v=(\S+)/.exec(redis)?.[1]}`;
}

/** Redis on the server's CPU, BullMQ and its workers on the client's. */
export async function measureBullmq(durable: boolean): Promise<Sample> {
  const folder = await Deno.makeTempDir();
  const port = String(freePort());
  const save = durable ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--save", ""];
  const program = `${await installFromNpm("bullmq", VERSION)}/bullmq.mjs`;
  try {
    await using redis = new Program({
      name: "redis",
      words: ["redis-server", "--port", port, "--dir", folder, ...save],
      cpu: SERVER_CPU,
    });
    redis.discardOutput();
    await plan.pause(START_MS);
    await using peer = new Program({
      name: "bullmq",
      words: ["node", program, port, JSON.stringify(shown())],
      cpu: CLIENT_CPU,
    });
    return JSON.parse(await peer.line(LIMIT_MS));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function shown() {
  const { JOBS: jobs, IN_FLIGHT: inFlight, BULK: bulk, CONCURRENCY: concurrency } = plan;
  return { jobs, inFlight, bulk, concurrency, pacedJobs: plan.PACED_JOBS, paceMs: plan.PACE_MS };
}
