import { WakefulError } from "../core/errors.ts";
import type { Ended } from "../task/task.ts";

/** The end of a child that was, or should have been, followed by a restart. */
export interface Crash {
  readonly child: string;
  /** When, on the clock that `now()` shows. */
  readonly at: number;
  readonly ended: Ended<unknown>;
}

/** A supervisor has given up: restarting did not help. */
export class RestartLimit extends WakefulError {
  readonly code = "RESTART_LIMIT";

  /** @param history the crashes that were too many, oldest first */
  constructor(readonly history: readonly Crash[], readonly within: number) {
    const children = [...new Set(history.map(({ child }) => `"${child}"`))].sort().join(", ");
    const { ended } = history[history.length - 1];
    const why = ended.how === "error" ? `; the last error: ${textOf(ended.error)}` : "";
    super(
      `Gave up on ${children}: ended ${history.length} times within ${within} ms${why}`,
      ended.how === "error" ? { cause: ended.error } : undefined,
    );
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** How often something crashed lately, and whether that is too often. Plain data. */
export class RestartHistory {
  #recent: Crash[] = [];

  /** @throws {RangeError} when `max` is not a whole number from 0 up, or `within` not above 0 */
  constructor(readonly max: number, readonly within: number) {
    if (!Number.isInteger(max) || max < 0) {
      throw new RangeError(`Expected a whole number of restarts from 0 up, got ${max}`);
    }
    if (!(within > 0)) throw new RangeError(`Expected a time above 0 ms, got ${within}`);
  }

  /** The crashes of the last `within` milliseconds, as of the latest one, oldest first. */
  get recent(): readonly Crash[] {
    return this.#recent;
  }

  /** Adds a crash, which must not be older than those before; true when a restart is allowed. */
  admit(crash: Crash): boolean {
    this.#recent = this.#recent.filter(({ at }) => crash.at - at < this.within);
    this.#recent.push(crash);
    return this.#recent.length <= this.max;
  }
}
