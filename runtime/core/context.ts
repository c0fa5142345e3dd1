/**
 * The narrow waist: everything a future may ask of the loop that polls it.
 *
 * Primitives import this file and never the engine, so that an engine can be replaced, and a
 * primitive tested, without the other.
 */

import { WheelEntry } from "../collections/timer_wheel.ts";
import type { Random } from "../collections/random.ts";
import type { Enrolled } from "../collections/roster.ts";
import { OutsideRuntime } from "./errors.ts";
import type { Io } from "./io.ts";
import type { Poll } from "./poll.ts";
import type { Waker } from "./waker.ts";

/** Cleanup that goes on after a drop. */
export interface Rest {
  poll(cx: Context): Poll<void>;
  drop(): void;
}

/** Something that can stand in the run queue. */
export interface Runnable extends Enrolled<Runnable> {
  /** For people: error reports and tracing. */
  readonly name: string;
  /** For people: what it waits for. */
  readonly waitsFor: string;
  run(): void;
  /**
   * Ends it from outside. Its cleanup runs before this returns, unless it is running right now;
   * what is shielded may take longer.
   */
  abort(reason?: string): void;
  /** Ends it from outside at once: what is shielded is cut short. */
  kill(reason?: string): void;
}

/** How a task's life ended. */
export type Outcome = "value" | "error" | "aborted";

/** Something that happens at a deadline; its owner keeps it and moves it, instead of a new one. */
export abstract class Timer extends WheelEntry {
  abstract fire(): void;
}

/** What a task may ask of the time part of its runtime. */
export interface Timers {
  /** Milliseconds of a clock that never goes back, as they were when this turn began. */
  readonly now: number;
  /** The same clock, read again: for deadlines that may not come early after a long turn. */
  read(): number;
  /** Milliseconds since 1970, which may jump: for telling others when. */
  wall(): number;
  /** Calls `timer.fire` at `deadline` or just after; a timer that is set already is moved. */
  set(timer: Timer, deadline: number): void;
  /** Forgets the timer; forgetting one that is not set is allowed. */
  cancel(timer: Timer): void;
  /** Stops the clock; from now on it jumps to the next deadline whenever every task waits. */
  pause(): void;
  /** Sets the clock going again. */
  resume(): void;
  /** Moves a stopped clock forward, and fires what that makes due. */
  advance(milliseconds: number): void;
}

/** The loop as its tasks see it. */
export interface Loop {
  /** @throws {MissingDriver} when the runtime was built without time */
  readonly timers: Timers;
  /** @throws {MissingDriver} when the runtime was built without I/O */
  readonly io: Io;
  /** Where chance comes from: one seed for all of it. */
  readonly random: Random;
  /** A task begins its life: it is counted, and ended with the runtime. */
  adopt(task: Runnable): void;
  /** A task's life is over. */
  release(task: Runnable, outcome: Outcome): void;
  /** Puts a task at the end of the run queue. The caller makes sure that it is not there yet. */
  schedule(task: Runnable): void;
  /** Whether everything was ended, and nothing can begin or be waited for any more. */
  readonly closed: boolean;
  /** Runs what a drop has left behind, as a task of its own. */
  cleanUp(rest: Rest): void;
  /** Something failed and nobody has asked for the outcome yet. */
  orphan(failure: Failure): void;
}

/** An error that is reported at the end of the turn unless somebody claims it before. */
export interface Failure {
  /** What failed, for people. */
  readonly name: string;
  readonly error: unknown;
  claimed: boolean;
}

/** What every poll is given: how to be woken, and what may be asked of the loop. */
export class Context {
  constructor(readonly waker: Waker, readonly loop: Loop) {}
}

/**
 * How many awaits a task may finish without suspending before it has to let others run.
 *
 * Every `yield*` spends one, so a task whose futures are always ready cannot starve its
 * neighbours or the platform's own event loop. Doubling it makes such a task hold the thread
 * twice as long; below about 32 the suspensions become visible in throughput.
 */
export const COOPERATIVE_BUDGET = 128;

let current: Context | undefined;
let budget = COOPERATIVE_BUDGET;

/** The context of the poll that is going on. */
export function currentContext(): Context {
  if (current === undefined) throw new OutsideRuntime();
  return current;
}

/** The loop of the task that is being polled. */
export function currentLoop(): Loop {
  return currentContext().loop;
}

/** Whether a task is being polled right now. */
export function insideTask(): boolean {
  return current !== undefined;
}

let waitsFor: object | undefined;

/** For reports: the current coroutine suspends in `future`. The innermost one counts. */
export function suspendIn(future: object): void {
  waitsFor ??= future;
}

/** Where the coroutine that was polled last has suspended; forgets it. */
export function takeSuspension(): object | undefined {
  const future = waitsFor;
  waitsFor = undefined;
  return future;
}

/** Makes `context` the current one and returns the one before, to be put back. */
export function swapContext(context: Context | undefined): Context | undefined {
  const before = current;
  current = context;
  return before;
}

/** Grants the awaits of one poll; `Infinity` for cleanup, which may not suspend. */
export function refillBudget(awaits: number = COOPERATIVE_BUDGET): number {
  const before = budget;
  budget = awaits;
  return before;
}

/** Spends one await; true when none was left, and the task must suspend instead. */
export function budgetSpent(): boolean {
  return --budget < 0;
}
