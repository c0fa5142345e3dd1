/** What a dashboard has to know: the status, as the server tells it. */
export interface Status {
  readonly pending: number;
  readonly scheduled: number;
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
  readonly dead: number;
  readonly workers: number;
  readonly busy: number;
  readonly throughput: number;
  readonly oldestPendingMs: number;
  readonly queues: readonly {
    readonly name: string;
    readonly paused: boolean;
    readonly pending: number;
    readonly scheduled: number;
    readonly running: number;
    readonly dead: number;
  }[];
}

const BLOCKS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
const MOST_SECONDS = 120;
const MOST_QUEUES = 10;
const LABEL = 12;
const NAME = 20;
const NUMBER = 10;

/** The status of the last minutes as lines of text; it knows no terminal. */
export class DashboardPicture {
  #depths: number[] = [];
  #speeds: number[] = [];
  #completed: number | undefined;
  #latest: Status | undefined;

  /** One more second has passed. */
  add(status: Status): void {
    const { pending, scheduled, running, completed } = status;
    remember(this.#depths, pending + scheduled + running);
    remember(this.#speeds, Math.max(0, completed - (this.#completed ?? completed)));
    this.#completed = completed;
    this.#latest = status;
  }

  lines(columns: number): string[] {
    const status = this.#latest;
    if (status === undefined) return [];
    const width = Math.max(1, Math.min(MOST_SECONDS, columns - LABEL - NUMBER - 1));
    const picture = (label: string, values: readonly number[]) =>
      `${label.padEnd(LABEL)}${String(values.at(-1)).padStart(NUMBER)} ${sparkline(values, width)}`;
    return [
      `pending ${status.pending}  scheduled ${status.scheduled}  running ${status.running}  ` +
      `completed ${status.completed}  dead ${status.dead}  failures ${status.failed}`,
      picture("depth", this.#depths),
      picture("completed/s", this.#speeds),
      `workers ${bar(status.busy, status.workers)} ${status.busy} of ${status.workers} busy, ` +
      `the oldest has waited ${Math.round(status.oldestPendingMs)} ms`,
      ...queueLines(status),
    ].map((line) => line.slice(0, columns));
  }
}

function remember(values: number[], value: number): void {
  values.push(value);
  if (values.length > MOST_SECONDS) values.shift();
}

/** The latest values as blocks, the greatest of them full. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const top = Math.max(1, ...shown);
  return shown.map((value) => BLOCKS[Math.round((BLOCKS.length - 1) * value / top)]).join("");
}

function bar(part: number, whole: number): string {
  const filled = whole === 0 ? 0 : Math.round(NUMBER * part / whole);
  return `[${"=".repeat(filled).padEnd(NUMBER)}]`;
}

function queueLines({ queues }: Status): string[] {
  const cells = (name: string, ...numbers: (string | number)[]) =>
    name.slice(0, NAME).padEnd(NAME) + numbers.map((one) => String(one).padStart(NUMBER)).join("");
  const rows = queues.slice(0, MOST_QUEUES).map((queue) =>
    cells(
      queue.paused ? `${queue.name} (paused)` : queue.name,
      ...[queue.pending, queue.scheduled, queue.running, queue.dead],
    )
  );
  const more = queues.length > MOST_QUEUES ? [`and ${queues.length - MOST_QUEUES} more`] : [];
  return [cells("queue", "pending", "scheduled", "running", "dead"), ...rows, ...more];
}
