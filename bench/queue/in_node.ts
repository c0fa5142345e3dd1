/** What is asked of a queue that is a library for Node; Node runs this file as it is. */
import type { Sample } from "../harness/experiment.ts";
import * as plan from "./plan.ts";

/** Jobs whose way is timed have a number. */
export interface Job {
  readonly i?: number;
}

export interface NodeQueue {
  add(job: Job): Promise<unknown>;
  addMany(jobs: Job[]): Promise<unknown>;
  /** Starts the workers, who call `begin` with each job they have. */
  work(begin: (job: Job) => void): unknown;
  /** How many jobs are not completed. */
  left(): Promise<number>;
}

const LOOK_MS = 10;

export async function measure(queue: NodeQueue): Promise<Sample> {
  const singles = await plan.rateOf(
    plan.JOBS,
    () => plan.inFlight(plan.JOBS, plan.IN_FLIGHT, () => queue.add({})),
  );
  const bulk = await plan.rateOf(plan.JOBS, async () => {
    const jobs: Job[] = new Array(plan.BULK).fill({});
    for (let sent = 0; sent < plan.JOBS; sent += plan.BULK) await queue.addMany(jobs);
  });
  const started = new Map<number | undefined, number>();
  const all = 2 * plan.JOBS;
  let begun = 0;
  const processed = await plan.rateOf(all, async () => {
    await queue.work(({ i }) => {
      started.set(i, performance.now());
      begun++;
    });
    while (begun < all || await queue.left() > 0) await plan.pause(LOOK_MS);
  });
  const waits = await endToEnd(queue, started);
  return {
    singles,
    bulk,
    processed,
    p50: plan.percentile(waits, 0.5),
    p99: plan.percentile(waits, 0.99),
  };
}

async function endToEnd(
  queue: NodeQueue,
  started: ReadonlyMap<number | undefined, number>,
): Promise<number[]> {
  const sent: number[] = [];
  for (let i = 0; i < plan.PACED_JOBS; i++) {
    const at = performance.now();
    sent.push(at);
    await queue.add({ i });
    await plan.pause(Math.max(0, plan.PACE_MS - (performance.now() - at)));
  }
  while (await queue.left() > 0) await plan.pause(LOOK_MS);
  return sent.map((at, i) => started.get(i)! - at);
}
