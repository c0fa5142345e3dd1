import type { Co, Future } from "../core/future.ts";
import type { RestartLimit } from "./restart_history.ts";

/**
 * Who is restarted with a child that crashed:
 *
 * - `"one-for-one"`: nobody
 * - `"one-for-all"`: all the others
 * - `"rest-for-one"`: those that come after it in the list, since they may depend on it
 */
export type Strategy = "one-for-one" | "one-for-all" | "rest-for-one";

/**
 * When a child that has ended is started again:
 *
 * - `"permanent"`: always
 * - `"transient"`: when it threw or was aborted, but not when it came to its end
 * - `"temporary"`: never
 */
export type RestartKind = "permanent" | "transient" | "temporary";

/** One thing to be kept running. */
export interface ChildSpec {
  /** Names its task; no two children of a supervisor may share one. */
  readonly name: string;
  /** Makes what is run, anew for each start. */
  start(): Co<unknown> | Future<unknown>;
  /** The default is `"permanent"`. */
  readonly restart?: RestartKind;
}

/** Something a supervisor did, or saw. */
export type SupervisorEvent =
  | { readonly what: "started" | "finished" | "stopped"; readonly child: string }
  | { readonly what: "failed"; readonly child: string; readonly error: unknown }
  /** Started again, after a back-off of `delay` milliseconds, because `because` crashed. */
  | {
    readonly what: "restarted";
    readonly child: string;
    readonly because: string;
    readonly delay: number;
  }
  | { readonly what: "gave up"; readonly error: RestartLimit };

export interface SupervisorOptions {
  /** The default is `"one-for-one"`. */
  readonly strategy?: Strategy;
  /** How many restarts are allowed within the time below; one more, and it gives up. 5 by default. */
  readonly maxRestarts?: number;
  /** How long a restart counts, in milliseconds; a minute by default. */
  readonly within?: number;
  /** How long all children together may take to stop after a cancel, in milliseconds; 5,000 by default. */
  readonly stopLimit?: number;
  /** How many milliseconds to wait before a restart, from how many there were lately; none by default. */
  backOff?(recent: number): number;
  /**
   * Told of each step; what it throws ends the supervisor. Without it, the errors of children are
   * reported as those of any task.
   */
  onEvent?(event: SupervisorEvent): void;
}
