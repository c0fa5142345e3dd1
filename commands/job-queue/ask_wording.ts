/** What a server has answered, in lines for people. */

// deno-lint-ignore no-explicit-any -- a server's JSON, as its description has it
type Answer = any;

const STATUS_ROWS = [
  ["pending", "can be started now"],
  ["scheduled", "wait for their time"],
  ["running", "are being worked on"],
  ["completed", "completed so far"],
  ["failed", "attempts failed so far"],
  ["dead", "failed for good"],
  ["cancelled", "cancelled"],
] as const;

const WIDEST_NUMBER = 10;

export function statusLines(status: Answer): string[] {
  const rows = STATUS_ROWS.map(([name, about]) =>
    `${String(status[name]).padStart(WIDEST_NUMBER)}  ${name.padEnd(WIDEST_NUMBER)} ${about}`
  );
  const speed = `${status.throughput} jobs/s, ${status.busy} of ${status.workers} workers busy, ` +
    `the oldest has waited ${status.oldestPendingMs} ms`;
  const paused = status.queues.filter((queue: Answer) => queue.paused);
  const names = paused.map((queue: Answer) => queue.name).join(", ");
  return [...rows, speed, ...(paused.length > 0 ? [`paused: ${names}`] : [])];
}

export function jobTable(jobs: readonly Answer[]): string[] {
  const cells = jobs.map(({ id, state, type, queue, attempt, maxRetries, createdAt }) => [
    String(id),
    state,
    type,
    queue,
    `${attempt}/${maxRetries + 1}`,
    createdAt,
  ]);
  const all = [["id", "state", "type", "queue", "attempt", "created"], ...cells];
  const widths = all[0].map((_, i) => Math.max(...all.map((row) => row[i].length)));
  return all.map((row) => row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd());
}

/** Everything about one job, a line for each thing that is known. */
export function jobLines({ failures, log, ...job }: Answer): string[] {
  const rows = Object.entries(job).map(([name, value]) =>
    `${name.padEnd(WIDEST_NUMBER + 1)} ${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  const failed = failures.map(({ attempt, at, worker, error }: Answer) =>
    worker === undefined
      ? `ended at ${at}: ${error}`
      : `attempt ${attempt} failed at ${at} with ${worker}: ${error}`
  );
  return [...rows, ...failed, ...log.map((line: string) => `log: ${line}`)];
}

export function eventLine({ event, at, ...more }: Answer): string {
  const time = at === undefined ? "" : `${new Date(at).toISOString()} `;
  const fields = Object.entries(more).map(([name, value]) => `${name}=${value}`);
  return `${time}${event} ${fields.join(" ")}`.trimEnd();
}
