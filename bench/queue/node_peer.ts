/** Queues that are libraries for Node, each in a process of its own. */
import { resolve } from "node:path";
import { fetchFromNpm, installFromNpm } from "../harness/build.ts";
import type { Sample } from "../harness/experiment.ts";
import { CLIENT_CPU } from "../harness/machine.ts";
import { Program } from "../harness/program.ts";

/** One for all of them; they want a newer one than many systems have. */
const NODE_VERSION = "24.21.0";
const PEERS = resolve(import.meta.dirname!, "../peers");
/** A disk that takes 5 ms to be safe answers 20,000 single jobs no sooner than in 100 s. */
const LIMIT_MS = 300_000;

export interface NodePeer {
  /** The npm package. */
  readonly library: string;
  readonly version: string;
  /** Its program in `bench/peers`. */
  readonly program: string;
}

/** Fetches it, and says what it is. */
export async function installPeer({ library, version }: NodePeer): Promise<string> {
  await installFromNpm(library, version);
  await node();
  return `${library} ${version}, Node ${NODE_VERSION}`;
}

/** Runs it against a server, whose address is as the library wants it. */
export async function measurePeer(peer: NodePeer, server: string): Promise<Sample> {
  const folder = await installFromNpm(peer.library, peer.version);
  await using program = new Program({
    name: peer.library,
    words: [await node(), `${PEERS}/${peer.program}`, `${folder}/`, server],
    cpu: CLIENT_CPU,
  });
  return JSON.parse(await program.line(LIMIT_MS));
}

function node(): Promise<string> {
  return fetchFromNpm("node", NODE_VERSION, "node");
}
