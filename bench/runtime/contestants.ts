/** Who takes part, and how one of them plays a case in a process of its own. */
import { BenchFailure } from "../harness/failure.ts";
import { MEASURED_CPU } from "../harness/machine.ts";
import { Program } from "../harness/program.ts";
import { summarize } from "../harness/stats.ts";
import type { Case } from "./cases.ts";

export const PEERS = ["native", "tuned", "effect", "effection"];

/** Ours with something left out, or put in, to see what that costs. */
export const VARIANTS = ["no_slices", "no_budget", "traced", "live_1m"];

const WORKER = new URL("worker.ts", import.meta.url).pathname;
const LOAD_LIMIT_MS = 60_000;
const PLAY_LIMIT_MS = 300_000;

export interface Contestant {
  name: string;
  /** The names of the cases it can play. */
  cases: string[];
}

/** Loads each once; one that cannot be loaded, or used here, is reported and takes no part. */
export async function contestants(names: string[]): Promise<Contestant[]> {
  const present: Contestant[] = [];
  for (const name of names) {
    const cases = await casesOf(name);
    if (cases.length > 0) present.push({ name, cases });
    else console.error(`bench: ${name} takes no part`);
  }
  return present;
}

async function casesOf(name: string): Promise<string[]> {
  try {
    return JSON.parse(await work([name], LOAD_LIMIT_MS));
  } catch (error) {
    if (!(error instanceof BenchFailure)) throw error;
    console.error(`bench: ${error.message}`);
    return [];
  }
}

/** One process plays the case; its figure is the median of the samples. */
export async function play(contestant: string, played: Case, quick: number): Promise<number> {
  const { name, count, fewer, warmups, samples, scale = 1 } = played;
  const operations = Math.ceil((fewer?.[contestant] ?? count) / quick);
  const args = [contestant, name, operations, warmups, quick > 1 ? 1 : samples].map(String);
  const values: number[] = JSON.parse(await work(args, PLAY_LIMIT_MS));
  return summarize(values).median / scale;
}

async function work(args: string[], limitMs: number): Promise<string> {
  const flags = ["run", "--allow-all", "--no-check", "--v8-flags=--expose-gc"];
  const words = [Deno.execPath(), ...flags, WORKER, ...args];
  await using worker = new Program({ name: args.slice(0, 2).join(", "), words, cpu: MEASURED_CPU });
  return await worker.line(limitMs);
}
