import type { Outcome } from "../core/context.ts";

/** Called when a task begins; for counting and tracing. */
export type TaskStartHook = (task: Named) => void;

/** Called when a task has ended, with how it did. */
export type TaskEndHook = (task: Named, outcome: Outcome) => void;

interface Named {
  readonly name: string;
}

/**
 * Watches for polls that hold the thread too long. The clock is looked at after a few of them, since
 * a look costs more than most polls; so it was one of those who are told, or all of them together.
 */
export interface SlowPoll {
  /** Longer than this is told. */
  readonly milliseconds: number;
  tell(tasks: readonly Named[], took: number): void;
}

/** What the executor tells of itself: one call per event, and nothing where nobody asks. */
export interface EngineHooks {
  readonly onTaskStart?: TaskStartHook;
  readonly onTaskEnd?: TaskEndHook;
  readonly slowPoll?: SlowPoll;
}

/** Two hooks as one, called in this order. */
export function both<A extends unknown[]>(
  first: ((...args: A) => void) | undefined,
  second: ((...args: A) => void) | undefined,
): ((...args: A) => void) | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (...args) => {
    first(...args);
    second(...args);
  };
}
