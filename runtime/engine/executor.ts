import { Ring } from "../collections/ring.ts";
import { Roster } from "../collections/roster.ts";
import type { Clock } from "../time/clock.ts";
import type { Outcome, Runnable } from "../core/context.ts";
import type { EngineHooks } from "./hooks.ts";
import type { RunQueue } from "./run_queue.ts";

/**
 * How many polls one slice may make before the driver may let the platform do its own work.
 * Doubling it makes timers and foreign promises wait twice as long behind tasks that keep each
 * other busy; halving it hands over twice as often, at 1.5 µs each.
 */
const POLLS_PER_SLICE = 128;

/** How long a slice of costly polls may last, in milliseconds, and how often the clock is read. */
const SLICE_MS = 5;
const POLLS_PER_CLOCK_READ = 8;

/** The run queue and the tasks that are alive; each is queued at most once. */
export class Executor {
  #queue: RunQueue;
  #live = new Roster<Runnable>();
  #clock: Clock;
  #hooks: EngineHooks;
  /** Who has run since the last look at the clock, where somebody watches. */
  #batch: (Runnable | undefined)[] | undefined;
  #onHookError: (name: string, error: unknown) => void;

  constructor(
    clock: Clock,
    hooks: EngineHooks = {},
    onHookError: (name: string, error: unknown) => void = () => {},
    queue: RunQueue = new Ring<Runnable>(),
  ) {
    this.#queue = queue;
    this.#clock = clock;
    this.#hooks = hooks;
    this.#batch = hooks.slowPoll && new Array(POLLS_PER_CLOCK_READ).fill(undefined);
    this.#onHookError = onHookError;
  }

  /** How many tasks have begun and not ended. */
  get liveTasks(): number {
    return this.#live.size;
  }

  /** The tasks that have begun and not ended. */
  tasks(): Set<Runnable> {
    return this.#live.members();
  }

  /** How many tasks wait for their turn. */
  get queued(): number {
    return this.#queue.length;
  }

  adopt(task: Runnable): void {
    this.#live.add(task);
    const { onTaskStart } = this.#hooks;
    if (onTaskStart) this.#call(task, onTaskStart);
  }

  release(task: Runnable, outcome: Outcome): void {
    this.#live.remove(task);
    const { onTaskEnd } = this.#hooks;
    if (onTaskEnd) this.#call(task, onTaskEnd, outcome);
  }

  schedule(task: Runnable): void {
    this.#queue.push(task);
  }

  /**
   * Runs what is ready, oldest first unless the queue says otherwise, until nothing is or the slice
   * is used up. Whatever is woken meanwhile goes behind everything that was ready before it.
   *
   * @param began what the clock has shown just now
   */
  runSlice(began: number = this.#clock.now()): void {
    const end = began + SLICE_MS;
    for (let polls = 0, now = began; polls < POLLS_PER_SLICE && now < end;) {
      const ran = this.#runBatch();
      polls += ran;
      const watched = this.#hooks.slowPoll !== undefined;
      if (this.#queue.length === 0 && !watched) return;
      const before = now;
      now = this.#clock.now();
      if (watched) this.#watch(ran, now - before);
      if (this.#queue.length === 0) return;
    }
  }

  /** Runs a few, between two looks at the clock; answers how many. */
  #runBatch(): number {
    const queue = this.#queue;
    const batch = this.#batch;
    let ran = 0;
    while (ran < POLLS_PER_CLOCK_READ && queue.length > 0) {
      const task = queue.shift()!;
      if (batch !== undefined) batch[ran] = task;
      ran++;
      task.run();
    }
    return ran;
  }

  #watch(ran: number, took: number): void {
    const { milliseconds, tell } = this.#hooks.slowPoll!;
    const batch = this.#batch!;
    if (took > milliseconds) {
      const tasks = batch.slice(0, ran) as Runnable[];
      this.#call(tasks[0], () => tell(tasks, took));
    }
    for (let i = 0; i < ran; i++) batch[i] = undefined; // so that it keeps nobody alive
  }

  /** A hook that throws must not keep a task from its beginning or its end. */
  #call<A extends unknown[]>(
    task: Runnable,
    hook: (task: Runnable, ...rest: A) => void,
    ...rest: A
  ): void {
    try {
      hook(task, ...rest);
    } catch (error) {
      this.#onHookError(`hook for ${task.name}`, error);
    }
  }

  /** Ends every task at once, also those that the cleanup of others begins. */
  killAll(reason: string): void {
    const killed = new Set<Runnable>();
    for (let left = this.tasks(); left.size > 0; left = this.tasks().difference(killed)) {
      for (const task of left) {
        killed.add(task);
        task.kill(reason);
      }
    }
  }
}
