import type { FailureRecord } from "./failure.ts";
import type { Call } from "./submitter.ts";

/** What the threads of a pool say to each other besides what stands in their shared memory. */
export type PoolMessage =
  /** Look at the memory; for the thread at `seat`, to whom it is passed on. */
  | { readonly kind: "ring"; readonly seat: number }
  /** A worker has taken a slot whose calls were kept. */
  | { readonly kind: "ask"; readonly slot: number; readonly seat: number }
  /** Keep these until they are asked for; or here they are. */
  | {
    readonly kind: "calls";
    readonly slot: number;
    readonly calls: readonly Call[];
    readonly items: readonly Transferable[];
  }
  /** An outcome that had no room in its slot. */
  | { readonly kind: "values"; readonly slot: number; readonly values: unknown[] }
  /** The end of this task is wanted. */
  | { readonly kind: "abort"; readonly slot: number; readonly reason: string }
  /** An error that nobody caught ends this thread. */
  | { readonly kind: "dying"; readonly failure: FailureRecord };
