import { type Context, refillBudget, swapContext } from "../core/context.ts";
import {
  PolledAfterReady,
  PolledReentrantly,
  ReturnedPending,
  YieldedValue,
} from "../core/errors.ts";
import { type Co, Future, SUSPENSION } from "../core/future.ts";
import { leaveBehind } from "../core/leftovers.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { Unwinding } from "./unwinding.ts";

/**
 * A generator as a future: each poll resumes it where it waits.
 *
 * The generator suspends only inside `yield* future`, so resuming it polls the innermost pending
 * future again: the state machine that a compiler makes of an async function elsewhere.
 *
 * Cancel safety: dropping it runs its `finally` blocks at once, inner first, the future it waits
 * for before them. They may not wait, except for what is `shielded`; then the rest of them runs
 * after that, and whoever drops takes the wait over.
 *
 * JavaScript objects do not move, so there is nothing to pin. What remains of that hazard is a
 * coroutine resumed from inside itself or after its end, and both are errors.
 *
 * @throws {PolledAfterReady} when polled after its end
 * @throws {PolledReentrantly} when polled from inside itself
 * @throws {YieldedValue} when the generator yields a value instead of awaiting a future
 */
export class Coroutine<T> extends Future<T> {
  #generator: Co<T>;
  #running = false;
  #finished = false;

  constructor(generator: Co<T>) {
    super();
    this.#generator = generator;
  }

  poll(cx: Context): Poll<T> {
    if (this.#finished) throw new PolledAfterReady("a coroutine");
    if (this.#running) throw new PolledReentrantly("a coroutine");
    this.#running = true;
    const outer = swapContext(cx);
    if (outer === undefined) refillBudget(); // polled by hand, not by a task that has a budget
    let step: IteratorResult<void, T>;
    try {
      step = this.#generator.next();
    } catch (error) {
      this.#finished = true;
      throw error;
    } finally {
      swapContext(outer);
      this.#running = false;
    }
    if (step.done) {
      this.#finished = true;
      if (step.value === Pending) throw new ReturnedPending();
      return step.value;
    }
    if (step.value !== SUSPENSION) this.#refuse(step.value);
    return Pending;
  }

  override drop(): void {
    if (this.#finished) return;
    if (this.#running) throw new PolledReentrantly("a coroutine");
    this.#finished = true;
    const unwinding = new Unwinding(this.#generator);
    if (!unwinding.step() && !leaveBehind(unwinding)) unwinding.drop();
  }

  #refuse(value: unknown): never {
    try {
      this.drop();
    } catch {
      // Whatever its cleanup says, the plain yield came first.
    }
    throw new YieldedValue(value);
  }
}

/** What can be run as a task: a future, a coroutine, or a function that makes a coroutine. */
export type Spawnable<T> = Future<T> | Co<T> | (() => Co<T> | Future<T>);

/**
 * Any spawnable as a future.
 *
 * Cancel safety: as the body's.
 *
 * @throws {TypeError} when it is none of the three, such as a promise
 */
export function intoFuture<T>(body: Spawnable<T>): Future<T> {
  const made: unknown = typeof body === "function" ? body() : body;
  if (made instanceof Future) return made;
  if (isGenerator<T>(made)) return new Coroutine(made);
  const hint = made instanceof Promise ? "; wrap a promise as fromPromise(promise)" : "";
  throw new TypeError(
    `Expected a future, a coroutine or a generator function, got ${named(made)}${hint}`,
  );
}

/** Whether it is a coroutine that can be waited for with `yield*`. */
/**
 * Drops what was never polled. A coroutine runs up to its first await before that, and no further:
 * so what it was handed is given back by its own `using` and `finally`, as when it is dropped later.
 */
export function dropUnbegun(body: Spawnable<unknown>, cx: Context): void {
  const future = intoFuture(body);
  if (future instanceof Coroutine) {
    const before = refillBudget(0); // the first await finds that it has to wait its turn
    try {
      future.poll(cx);
    } finally {
      refillBudget(before);
    }
  }
  future.drop();
}

/** What something is, in a word or two. */
function named(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return `an object of ${value.constructor?.name || "no class"}`;
}

export function isGenerator<T>(value: unknown): value is Co<T> {
  return typeof value === "object" && value !== null && Symbol.iterator in value &&
    typeof (value as Co<T>).next === "function" && typeof (value as Co<T>).return === "function";
}
