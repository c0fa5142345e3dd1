/** BullMQ on Redis. */
import type { Sample } from "../harness/experiment.ts";
import { TempFolder } from "../harness/folder.ts";
import { SERVER_CPU } from "../harness/machine.ts";
import { Program } from "../harness/program.ts";
import { runTool } from "../harness/tool.ts";
import { freePort } from "./beanstalkd.ts";
import { installPeer, measurePeer, type NodePeer } from "./node_peer.ts";
import * as plan from "./plan.ts";

const PEER: NodePeer = { library: "bullmq", version: "5.81.5", program: "bullmq.mjs" };
const START_MS = 500;

export async function installBullmq(): Promise<string> {
  const redis = await runTool("redis-server", ["--version"], "its version");
  return `${await installPeer(PEER)}, Redis ${/v=(\S+)/.exec(redis)?.[1]}`;
}

export async function measureBullmq(durable: boolean): Promise<Sample> {
  using folder = new TempFolder();
  const port = String(freePort());
  const save = durable ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--save", ""];
  await using redis = new Program({
    name: "redis",
    words: ["redis-server", "--port", port, "--dir", folder.path, ...save],
    cpu: SERVER_CPU,
  });
  redis.discardOutput();
  await plan.pause(START_MS);
  return await measurePeer(PEER, port);
}
