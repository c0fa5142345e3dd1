/**
 * Cleanup that outlasts a drop.
 *
 * Dropping is synchronous: whoever drops goes on at once. What is shielded from it is left behind
 * as a future that finishes the work, and somebody takes it over: the coroutine or task that is
 * being dropped around it waits for it before its own end; when there is none, the loop runs it as
 * a task of its own.
 */

import { type Binding, currentBindings, swapBindings } from "./bindings.ts";
import { type Context, currentLoop, insideTask, type Rest } from "./context.ts";
import type { Poll } from "./poll.ts";

/** Who takes over what is left behind right now; "nobody" when it has to end at once. */
let taker: Rest[] | "nobody" | undefined;

/**
 * Finishes `rest` later, with what is bound here. False when nobody can wait for it: then the
 * caller must end it at once.
 */
export function leaveBehind(rest: Rest): boolean {
  if (taker === "nobody") return false;
  const bindings = currentBindings();
  const left = bindings === undefined ? rest : new Bound(rest, bindings);
  if (taker !== undefined) taker.push(left);
  else if (!insideTask() || currentLoop().closed) return false;
  else currentLoop().cleanUp(left);
  return true;
}

/** The coroutine that is being dropped waits for `rest`, and then goes on where it stands. */
export function holdUp(rest: Rest): void {
  if (Array.isArray(taker)) taker.push(rest);
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

/** Whether a drop is going on that has to end at once. */
export function isCutShort(): boolean {
  return taker === "nobody";
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

/** A rest that goes on with what was bound where it was left behind. */
class Bound implements Rest {
  #rest: Rest;
  #bindings: Binding;

  constructor(rest: Rest, bindings: Binding) {
    this.#rest = rest;
    this.#bindings = bindings;
  }

  poll(cx: Context): Poll<void> {
    return this.#within(() => this.#rest.poll(cx));
  }

  drop(): void {
    this.#within(() => this.#rest.drop());
  }

  #within<T>(run: () => T): T {
    const before = swapBindings(this.#bindings);
    try {
      return run();
    } finally {
      swapBindings(before);
    }
  }
}
