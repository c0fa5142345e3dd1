import { type Co, type JoinHandle, now, sleep, spawn } from "../../../runtime/mod.ts";
import type { Live } from "../../cli/live.ts";
import type { PassSpec } from "../load/pass.ts";
import type { Progress } from "../measure/meter.ts";
import { duration } from "./figures.ts";

const PERIOD_MS = 100;
const MS_PER_SECOND = 1_000;
/** So many of the last periods are in the picture. */
const SPARKS = 24;
const LEVELS = "▁▂▃▄▅▆▇█";

/** A run that is shown while it goes on. */
export interface Shown {
  readonly what: string;
  readonly spec: PassSpec;
  readonly began: number;
}

/** One line on a terminal that tells how a run goes, ten times a second. */
export class LiveView {
  #live: Live;
  #progress: () => Progress;
  #shown: Shown | undefined;
  #ended: number[] = [];

  constructor(live: Live, progress: () => Progress) {
    this.#live = live;
    this.#progress = progress;
  }

  /** Shows another run from now on. */
  begin(spec: PassSpec, what: string): void {
    this.#shown = { spec, what, began: now() };
    this.#ended = [0];
  }

  /** Begins to show; disposing it takes it away. */
  start(): Disposable {
    const task: JoinHandle<never> = spawn(this.#run(), { name: "live view" });
    return {
      [Symbol.dispose]: () => {
        task.abort();
        this.#live.show([]);
      },
    };
  }

  *#run(): Co<never> {
    for (;;) {
      yield* sleep(PERIOD_MS);
      if (this.#shown === undefined) continue;
      const progress = this.#progress();
      this.#ended.push(progress.ended);
      const elapsed = now() - this.#shown.began;
      const text = liveText(this.#shown, progress, elapsed, this.#ended);
      this.#live.show([text.slice(0, this.#live.columns - 1)]);
    }
  }
}

/** How a run goes: how much is done, how fast, what goes wrong, how long it still takes. */
export function liveText(
  { what, spec }: Shown,
  { ended, failed }: Progress,
  elapsed: number,
  history: readonly number[],
): string {
  const rates = differences(history.slice(-SPARKS - 1));
  const lately = average(rates.slice(-MS_PER_SECOND / PERIOD_MS)) * MS_PER_SECOND / PERIOD_MS;
  const parts = [
    `${what} ${done(spec, ended, elapsed)}`,
    `${Math.round(lately)} req/s`,
    failed > 0 ? `${failed} failed` : undefined,
    remaining(spec, ended, elapsed),
    sparkline(rates),
  ];
  return parts.filter((part) => part !== undefined).join("  ");
}

function done({ count, duration: time }: PassSpec, ended: number, elapsed: number): string {
  if (count < Infinity) return `[${ended}/${count}]`;
  return `[${(elapsed / MS_PER_SECOND).toFixed(1)}s/${duration(time)}] ${ended} done`;
}

function remaining({ count, duration: time }: PassSpec, ended: number, elapsed: number) {
  const byTime = time - elapsed;
  const byCount = ended > 0 ? (count - ended) * elapsed / ended : Infinity;
  const left = Math.min(byTime, byCount);
  return left < Infinity ? `${duration(Math.max(0, Math.ceil(left / 100) * 100))} left` : undefined;
}

/** As a row of small bars, the highest as high as they go. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  return values.map((value) => LEVELS[Math.round(value / most * (LEVELS.length - 1))]).join("");
}

function differences(sums: readonly number[]): number[] {
  return sums.slice(1).map((sum, i) => sum - sums[i]);
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
