import { Ring } from "../collections/ring.ts";
import type { Clock } from "../time/clock.ts";
import type { Runnable } from "../core/context.ts";

/**
 * How many polls one slice may make before the driver may let the platform do its own work.
 * Doubling it makes timers and foreign promises wait twice as long behind tasks that keep each
 * other busy; halving it hands over twice as often, at 1.5 µs each.
 */
const POLLS_PER_SLICE = 128;

/** How long a slice of costly polls may last, in milliseconds, and how often the clock is read. */
const SLICE_MS = 5;
const POLLS_PER_CLOCK_READ = 8;

/** Called when a task begins or ends; for counting and tracing. */
export type TaskHook = (task: { readonly name: string }) => void;

export interface TaskHooks {
  readonly onTaskStart?: TaskHook;
  readonly onTaskEnd?: TaskHook;
}

/** The run queue and the tasks that are alive: first in, first out, each queued at most once. */
export class Executor {
  #queue = new Ring<Runnable>();
  #live = new Set<Runnable>();
  #clock: Clock;
  #hooks: TaskHooks;
  #onHookError: (name: string, error: unknown) => void;

  constructor(
    clock: Clock,
    hooks: TaskHooks = {},
    onHookError: (name: string, error: unknown) => void = () => {},
  ) {
    this.#clock = clock;
    this.#hooks = hooks;
    this.#onHookError = onHookError;
  }

  /** How many tasks have begun and not ended. */
  get liveTasks(): number {
    return this.#live.size;
  }

  /** The tasks that have begun and not ended. */
  tasks(): Set<Runnable> {
    return new Set(this.#live);
  }

  /** How many tasks wait for their turn. */
  get queued(): number {
    return this.#queue.length;
  }

  adopt(task: Runnable): void {
    this.#live.add(task);
    this.#call(this.#hooks.onTaskStart, task);
  }

  release(task: Runnable): void {
    this.#live.delete(task);
    this.#call(this.#hooks.onTaskEnd, task);
  }

  schedule(task: Runnable): void {
    this.#queue.push(task);
  }

  /**
   * Runs what is ready, oldest first, until nothing is or the slice is used up. Whatever is woken
   * meanwhile goes to the end of the queue, behind everything that was ready before it.
   */
  runSlice(): void {
    const queue = this.#queue;
    const end = this.#clock.now() + SLICE_MS;
    for (let polls = 1; polls <= POLLS_PER_SLICE && queue.length > 0; polls++) {
      queue.shift()!.run();
      if (polls % POLLS_PER_CLOCK_READ === 0 && this.#clock.now() >= end) return;
    }
  }

  /** A hook that throws must not keep a task from its beginning or its end. */
  #call(hook: TaskHook | undefined, task: Runnable): void {
    try {
      hook?.(task);
    } catch (error) {
      this.#onHookError(`hook for ${task.name}`, error);
    }
  }

  /** Ends every task at once, also those that the cleanup of others begins. */
  killAll(reason: string): void {
    for (const task of this.#live) task.kill(reason);
  }
}
