/** Queues that are libraries for Node on PostgreSQL. */
import type { Sample } from "../harness/experiment.ts";
import { installPeer, measurePeer, type NodePeer } from "./node_peer.ts";
import { Postgres, postgresVersion } from "./postgres.ts";

export const GRAPHILE_WORKER: NodePeer = {
  library: "graphile-worker",
  version: "0.18.0",
  program: "graphile_worker.mjs",
};

export const PG_BOSS: NodePeer = { library: "pg-boss", version: "12.35.0", program: "pg_boss.mjs" };

export async function installOnPostgres(peer: NodePeer): Promise<string> {
  const server = await postgresVersion();
  return `${await installPeer(peer)}, ${server} with fsync`;
}

export async function measureOnPostgres(peer: NodePeer): Promise<Sample> {
  await using server = await Postgres.start();
  return await measurePeer(peer, server.url);
}
