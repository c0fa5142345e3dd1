/**
 * One contestant in a process of its own. `worker.ts CONTESTANT` lists its cases; with
 * `CASE COUNT WARMUPS SAMPLES` it plays one, and prints the samples.
 */
import type { Workloads } from "./workload.ts";

const [contestant, name, ...numbers] = Deno.args;
const { workloads } = await import(
  new URL(`./contestants/${contestant}.ts`, import.meta.url).href
) as { workloads: Workloads };

if (name === undefined) {
  console.log(JSON.stringify(Object.keys(workloads)));
} else {
  const [count, warmups, samples] = numbers.map(Number);
  const play = workloads[name];
  for (let i = 0; i < warmups; i++) await play(count);
  const results: number[] = [];
  for (let i = 0; i < samples; i++) results.push(await play(count));
  console.log(JSON.stringify(results));
}
Deno.exit(0); // whatever a contestant leaves running
