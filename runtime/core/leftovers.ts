/**
 * Cleanup that outlasts a drop.
 *
 * Dropping is synchronous: whoever drops goes on at once. What is shielded from it is left behind
 * as a future that finishes the work, and somebody takes it over: the coroutine or task that is
 * being dropped around it waits for it before its own end; when there is none, the loop runs it as
 * a task of its own.
 */

import { currentLoop, insideTask, type Rest } from "./context.ts";

/** Who takes over what is left behind right now; "nobody" when it has to end at once. */
let taker: Rest[] | "nobody" | undefined;

/** Finishes `rest` later. False when nobody can wait for it: then the caller must end it at once. */
export function leaveBehind(rest: Rest): boolean {
  if (taker === "nobody") return false;
  if (taker !== undefined) taker.push(rest);
  else if (!insideTask() || currentLoop().closed) return false;
  else currentLoop().cleanUp(rest);
  return true;
}

/** Runs `drop`; what it leaves behind goes to `rests`. */
export function takeOver<T>(rests: Rest[], drop: () => T): T {
  return taking(taker === "nobody" ? taker : rests, drop);
}

/** Runs `drop`; nothing may be left behind. */
export function cutShort<T>(drop: () => T): T {
  return taking("nobody", drop);
}

/** Runs `poll` as if nothing were being dropped around it. */
export function undisturbed<T>(poll: () => T): T {
  return taking(undefined, poll);
}

/** Whether a drop is going on whose leftovers somebody takes over. */
export function isTakingOver(): boolean {
  return taker !== undefined && taker !== "nobody";
}

/** How much the drop that is going on has left behind so far. */
export function leftSoFar(): number {
  return Array.isArray(taker) ? taker.length : 0;
}

function taking<T>(next: typeof taker, run: () => T): T {
  const before = taker;
  taker = next;
  try {
    return run();
  } finally {
    taker = before;
  }
}
