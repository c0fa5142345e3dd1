import type { WorkStealingPool } from "wakeful/runtime";

/** Waits until every thread of a pool has begun and rests. */
export async function begun(pool: WorkStealingPool): Promise<void> {
  while (pool.statistics().some(({ parked }) => parked === 0)) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
