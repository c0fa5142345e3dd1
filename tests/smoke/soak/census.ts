/** What a server has in its hands, as Linux tells it. */

import { residentBytes } from "../../../bench/harness/proc.ts";

/** How many descriptors the process has open. */
export function openDescriptors(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/** After one wave, when all its clients have gone. */
export interface Census {
  readonly descriptors: number;
  readonly residentBytes: number;
}

/** Counts, once there are no more than `expected` descriptors or `patience` ms have passed. */
export async function takeCensus(
  pid: number,
  expected: number,
  patience: number,
): Promise<Census> {
  const LOOK_MS = 50;
  const end = performance.now() + patience;
  while (openDescriptors(pid) > expected && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return { descriptors: openDescriptors(pid), residentBytes: await residentBytes(pid) };
}
