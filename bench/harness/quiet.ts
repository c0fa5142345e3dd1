/** Whether others use the CPUs that are measured on. */
import { CLIENT_CPU, SERVER_CPU } from "./machine.ts";
import { busyUs, cpuTimes } from "./proc.ts";

const CPUS = [SERVER_CPU, CLIENT_CPU];
const US_PER_MS = 1000;
const PERCENT = 100;

const LOOK_MS = 300;
/** One wait may use this part of the patience that is left: others may take minutes. */
const SHARE = 0.1;

/** What others may take, in percent of one CPU: above this a run is spoilt. */
export const QUIET_PERCENT = 12;

/** Waits for others to be done, but in all its waits together no longer than it was told to. */
export class Patience {
  #leftMs: number;

  constructor(ms: number) {
    this.#leftMs = ms;
  }

  /** When it is used up the run begins all the same: what it measures will say how it was. */
  async waitForQuiet(): Promise<void> {
    const keepMs = this.#leftMs * (1 - SHARE);
    while (!await isQuiet() && this.#leftMs > keepMs) this.#leftMs -= LOOK_MS;
  }
}

async function isQuiet(): Promise<boolean> {
  const others = await watchOthers([]);
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return await others.percent() < QUIET_PERCENT;
}

export interface Watch {
  /** What everybody but those named has taken since, in percent of one CPU. */
  percent(): Promise<number>;
}

/** Begins to watch what processes other than `own` do with the CPUs of server and client. */
export async function watchOthers(own: number[]): Promise<Watch> {
  const start = performance.now();
  const before = await othersUs(own);
  return {
    async percent() {
      const elapsedUs = (performance.now() - start) * US_PER_MS;
      return Math.max(0, await othersUs(own) - before) / elapsedUs * PERCENT;
    },
  };
}

async function othersUs(own: number[]): Promise<number> {
  let us = await busyUs(CPUS);
  for (const pid of own) {
    const { userUs, systemUs } = await cpuTimes(pid);
    us -= userUs + systemUs;
  }
  return us;
}
