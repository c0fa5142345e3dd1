import { type Context, currentContext, type Timers } from "../core/context.ts";
import { Busy, PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { Sleep } from "./sleep.ts";

/** A tick that is answered this much late, or less, was not missed: so late may any timer be. */
const TOLERANCE_MS = 5;

/**
 * When the next tick is due after one that was missed:
 *
 * - `"burst"`: where it always was, so that the missed ones follow at once until it has caught up
 * - `"delay"`: one period from now, so that no two ticks are closer than that
 * - `"skip"`: at the next whole period that is still to come, so that the rhythm is kept
 */
export type MissedTicks = "burst" | "delay" | "skip";

export interface IntervalOptions {
  /** What becomes of missed ticks; the default is `"burst"`. */
  readonly missed?: MissedTicks;
  /** Whether the first tick is due at once, as it is by default, or after one period. */
  readonly immediate?: boolean;
}

const NEXT: Readonly<Record<MissedTicks, (due: number, now: number, period: number) => number>> = {
  burst: (due, _now, period) => due + period,
  delay: (_due, now, period) => now + period,
  skip: (due, now, period) => due + (Math.floor((now - due) / period) + 1) * period,
};

/** What an interval shares with its ticks: one sleep, that is moved from each to the next. */
class Rhythm {
  readonly sleep: Sleep;
  waiting: Tick | undefined;

  constructor(
    readonly timers: Timers,
    readonly period: number,
    readonly missed: MissedTicks,
    first: number,
  ) {
    this.sleep = new Sleep(first);
  }

  /** The tick that was due is answered now. */
  advance(due: number, now: number): void {
    const { period } = this;
    this.sleep.reset(NEXT[now > due + TOLERANCE_MS ? this.missed : "burst"](due, now, period));
  }
}

/** One wait; once it has answered, or was dropped, the next call begins it again. */
class Tick extends Future<number> {
  readonly #rhythm: Rhythm;
  #idle = true;

  constructor(rhythm: Rhythm) {
    super();
    this.#rhythm = rhythm;
  }

  get idle(): boolean {
    return this.#idle;
  }

  begin(): this {
    this.#idle = false;
    return this;
  }

  poll(cx: Context): Poll<number> {
    if (this.#idle) throw new PolledAfterReady("an interval's tick()");
    const rhythm = this.#rhythm;
    rhythm.waiting ??= this;
    if (rhythm.waiting !== this) throw new Busy("an interval's tick()");
    const due = rhythm.sleep.deadline;
    const now = rhythm.timers.read(); // not the turn's: what has just come due is there at once
    if (now < due && rhythm.sleep.poll(cx) === Pending) return Pending;
    this.drop();
    rhythm.advance(due, now);
    return due;
  }

  override drop(): void {
    this.#idle = true;
    if (this.#rhythm.waiting !== this) return;
    this.#rhythm.waiting = undefined;
    this.#rhythm.sleep.drop();
  }
}

/**
 * Moments at equal distances, one after the other: what {@link interval} returns.
 *
 * It belongs to one task at a time, as a tick does.
 */
export class Interval {
  readonly #rhythm: Rhythm;
  readonly #tick: Tick;

  /** @throws {RangeError} when `period` is not above 0 */
  constructor(timers: Timers, period: number, options: IntervalOptions = {}) {
    if (!(period > 0)) throw new RangeError(`Expected a period above 0 ms, got ${period}`);
    const { missed = "burst", immediate = true } = options;
    this.#rhythm = new Rhythm(timers, period, missed, timers.read() + (immediate ? 0 : period));
    this.#tick = new Tick(this.#rhythm);
  }

  /** Milliseconds from tick to tick. */
  get period(): number {
    return this.#rhythm.period;
  }

  /**
   * Waits for the next tick and answers when it was due, on the clock that `now()` shows.
   *
   * What the task does between two ticks does not put the next one off. It returns the same future
   * each time, begun again: wait for one before you ask for the next.
   *
   * Cancel safety: safe; a tick that was not answered is still to come.
   *
   * @throws {Busy} when another task waits for a tick of this interval
   */
  tick(): Future<number> {
    const tick = this.#tick.idle ? this.#tick : new Tick(this.#rhythm);
    return tick.begin();
  }

  /**
   * Makes the next tick due `after` milliseconds from now, one period unless said otherwise, and
   * those after it in the same rhythm. It holds for a tick that is being waited for, even for one
   * that was due and is not answered yet.
   *
   * @throws {RangeError} when `after` is no number
   */
  reset(after: number = this.period): void {
    this.#rhythm.sleep.reset(this.#rhythm.timers.read() + after);
  }
}

/**
 * An endless row of ticks, one every `period` milliseconds, the first at once.
 *
 * A tick that is answered more than 5 ms late was missed, and `missed` says what becomes of the
 * ones after it; up to that the rhythm is kept, since no timer is exact. This, and the three
 * policies, are those of tokio's `interval`.
 *
 * @throws {RangeError} when `period` is not above 0
 * @throws {OutsideRuntime} when no task is running
 * @throws {MissingDriver} when the runtime was built without time
 *
 * @example A heartbeat that neither drifts nor catches up
 * ```ts
 * import { blockOn, interval } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const [begin, end] = await blockOn(function* () {
 *   const heartbeat = interval(5, { missed: "skip" });
 *   const first = yield* heartbeat.tick();
 *   yield* heartbeat.tick();
 *   return [first, yield* heartbeat.tick()];
 * });
 * assertEquals(Math.round(end - begin) % 5, 0);
 * ```
 */
export function interval(period: number, options?: IntervalOptions): Interval {
  return new Interval(currentContext().loop.timers, period, options);
}
