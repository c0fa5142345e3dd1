/** What a contestant brings: one workload for each case it can take part in. */
import { cpuUsage, hrtime } from "node:process";

const NS_PER_US = 1000;

/** Does the case's operation `count` times; one sample: what a single operation took. */
export type Workload = (count: number) => Promise<number>;

/** The workloads of one contestant, by the names of the cases. */
export type Workloads = Readonly<Record<string, Workload>>;

/** Collects all garbage; there because the bench starts its workers with `--expose-gc`. */
export function collectGarbage(): void {
  const { gc } = globalThis as unknown as { gc(): void };
  gc();
}

/**
 * CPU time of the whole process for each operation, in nanoseconds: collecting and compiling on
 * other threads included. On one CPU that others leave alone the wall clock says the same.
 */
export function cpuTime(body: (count: number) => Promise<unknown>): Workload {
  return async (count) => {
    const before = cpuUsage();
    await body(count);
    const { user, system } = cpuUsage(before);
    return (user + system) * NS_PER_US / count;
  };
}

/** Time by the clock on the wall for each operation, in nanoseconds: for what waits. */
export function wallTime(body: (count: number) => Promise<unknown>): Workload {
  return async (count) => {
    const before = hrtime.bigint();
    await body(count);
    return Number(hrtime.bigint() - before) / count;
  };
}

/**
 * Bytes of heap for each of `count` things: `keep` makes them, and answers how to let them go
 * once they are counted.
 */
export function heapBytes(keep: (count: number) => Promise<() => unknown>): Workload {
  return async (count) => {
    const before = heapInUse();
    const release = await keep(count);
    const after = heapInUse();
    await release();
    return (after - before) / count;
  };
}

function heapInUse(): number {
  collectGarbage();
  collectGarbage(); // what the first one made unreachable by running weak callbacks
  return Deno.memoryUsage().heapUsed;
}
