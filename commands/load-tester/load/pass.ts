import type { CancellationToken, Co } from "../../../runtime/mod.ts";
import type { Meter, MeterShape, Observer, Progress } from "../measure/meter.ts";
import type { Tally } from "../measure/tally.ts";
import { Schedule, type Stretch } from "./schedule.ts";
import { type Share, Work } from "./work.ts";

/** One run, as plain data: it crosses to other threads. Times in milliseconds. */
export interface PassSpec {
  /** How many requests at most; `Infinity` when time ends it. */
  readonly count: number;
  /** When requests are due; none in a closed run. */
  readonly stretches: readonly Stretch[];
  /** When it is cut off. */
  readonly duration: number;
  /** Over how long the clients begin, one after the other. */
  readonly ramp: number;
  /** Whether each stretch is reported by itself. */
  readonly bySteps: boolean;
}

/** How a run ended. */
export interface PassEnd {
  /** How long it took. */
  readonly elapsed: number;
  /** For how long requests were sent: less than that, when somebody ended it. */
  readonly sending: number;
  /** How long the oldest request had been under way that was cut off. */
  readonly oldestUnfinished: number;
}

/** What a run has measured, with its book closed. */
export interface PassResult extends PassEnd {
  readonly meter: Meter;
}

/** Those who carry runs out: on this thread, or on several. */
export interface Crew {
  /**
   * Carries it out, or as much of it as there is time for. Once `stop` is cancelled nothing more is
   * begun, and what is under way may finish.
   */
  run(spec: PassSpec, stop: CancellationToken, observer?: Observer): Co<PassResult>;
  /** How far the run is that is going on. */
  progress(): Progress;
  close(): void;
  [Symbol.dispose](): void;
}

export function scheduleOf({ stretches }: PassSpec): Schedule | undefined {
  return stretches.length === 0 ? undefined : new Schedule(stretches);
}

/** What there is to be measured of a run. */
export function meterShape({ stretches, bySteps }: PassSpec, targets: number): MeterShape {
  const { length } = stretches;
  return { targets, steps: bySteps ? length : 0, isOpen: length > 0 };
}

export function workOf(spec: PassSpec, share?: Share): Work {
  return new Work(spec.count, scheduleOf(spec), share);
}

/**
 * Closes the book: how many requests were to be sent, once it is known for how long they were. In
 * an open run that is those that were due, in a closed one without a count those that were sent.
 */
export function settle(spec: PassSpec, meter: Meter, sending: number): void {
  const { tallies, steps } = meter;
  const schedule = scheduleOf(spec);
  const due = schedule?.dueBefore(Math.min(sending, schedule.duration)) ?? Infinity;
  const planned = Math.min(spec.count, due);
  tallies.forEach((tally, i) => plan(tally, Math.ceil((planned - i) / tallies.length)));
  let begins = 0;
  let before = 0;
  steps.forEach((tally, i) => {
    begins += spec.stretches[i].duration;
    const upTo = Math.min(planned, schedule!.dueBefore(Math.min(begins, sending)));
    plan(tally, upTo - before);
    before = upTo;
  });
}

/** One that was sent in the very moment of the end was due, whatever rounding says. */
function plan({ ledger }: Tally, planned: number): void {
  ledger.planned = planned === Infinity ? ledger.sent : Math.max(planned, ledger.sent);
}
