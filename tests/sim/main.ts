/**
 * Simulated worlds, seed after seed, until one fails.
 *
 *   deno task sim
 *   deno task sim --scenario echo --seed 7
 *   deno task sim --help
 */

import { processTerminal } from "../../commands/cli/terminal.ts";
import { SCENARIOS } from "./scenarios/all.ts";
import { sim } from "./sim.ts";

const CLEAR_LINE = "\r\x1b[K";
const PROGRESS_MS = 200;

let shownAt = 0;

/** On a terminal only, and not more often than anybody can read. */
function progress(line?: string): void {
  if (!Deno.stderr.isTerminal()) return;
  const now = performance.now();
  if (line !== undefined && now < shownAt + PROGRESS_MS) return;
  shownAt = now;
  Deno.stderr.writeSync(new TextEncoder().encode(CLEAR_LINE + (line ?? "")));
}

Deno.exit(await sim(SCENARIOS, Deno.args, { ...processTerminal, progress }));
