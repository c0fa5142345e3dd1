/** How a run in one process went. */
export interface Run {
  readonly jobs: number;
  readonly completed: number;
  readonly dead: number;
  readonly seconds: number;
  readonly jobsPerSecond: number;
  /** From the claim to the end. */
  readonly averageLatencyMs: number;
  /** How many waited at most. */
  readonly deepestQueue: number;
  readonly workers: number;
  /** The share of their time that the workers worked, from 0 to 1. */
  readonly utilisation: number;
}

const PERCENT = 100;

export function runLines(run: Run): string[] {
  const share = (PERCENT * run.utilisation).toFixed(1);
  return [
    `Jobs:        ${run.jobs} (${run.completed} completed, ${run.dead} dead)`,
    `Duration:    ${run.seconds.toFixed(2)}s`,
    `Throughput:  ${run.jobsPerSecond.toFixed(2)} jobs/s`,
    `Latency:     ${run.averageLatencyMs.toFixed(2)}ms on average`,
    `Queue depth: ${run.deepestQueue} at most`,
    `Workers:     ${run.workers}, ${share}% busy`,
  ];
}
