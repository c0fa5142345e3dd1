import { currentLoop, type Loop } from "../core/context.ts";
import type { Co } from "../core/future.ts";
import { End, type Item, Pending } from "../core/poll.ts";
import { JoinSet } from "../combine/join_set.ts";
import { type Answer, settle } from "./settle.ts";

export interface FanOutOptions {
  /** How many inputs may be worked on at once: a whole number from 1 up. */
  readonly limit: number;
  /** In which order results come: as they are finished, as by default, or as their inputs came. */
  readonly order?: "finished" | "input";
}

/** What became of one input: the value of the work on it, or the error. */
export type FanOutOutcome<I, O> =
  & { readonly input: I; readonly index: number }
  & (
    | { readonly how: "value"; readonly value: O }
    | { readonly how: "error"; readonly error: unknown }
  );

/**
 * The results of work that runs over many inputs: what {@link fanOut} returns.
 *
 * Dropping it (`using` does it) aborts what is running and takes no more inputs.
 */
export class FanOut<I, O> {
  #inputs: Iterator<I>;
  #work: (input: I, index: number) => Answer<O>;
  #limit: number;
  #inOrder: boolean;
  #running = new JoinSet<FanOutOutcome<I, O>>();
  /** Finished, but not due yet, by index. */
  #early = new Map<number, FanOutOutcome<I, O>>();
  #begun = 0;
  #given = 0;
  #exhausted = false;
  #loop: Loop = currentLoop();

  constructor(
    inputs: Iterable<I>,
    work: (input: I, index: number) => Answer<O>,
    options: FanOutOptions,
  ) {
    const { limit, order = "finished" } = options;
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`Expected a whole number from 1 up as limit, got ${limit}`);
    }
    this.#inputs = inputs[Symbol.iterator]();
    this.#work = work;
    this.#limit = limit;
    this.#inOrder = order === "input";
  }

  /**
   * The next result, or `End` when there are no more. The first error ends everything: the rest
   * is aborted, and what else has failed already is reported.
   *
   * Cancel safety: safe; a dropped wait takes no result.
   *
   * @throws whatever the work on an input, or their iterator, threw
   */
  *next(): Co<Item<O>> {
    try {
      const outcome = yield* this.nextOutcome();
      if (outcome === End) return End;
      if (outcome.how === "value") return outcome.value;
      throw outcome.error;
    } catch (error) {
      this.#fail();
      throw error;
    }
  }

  /**
   * As {@link next}, with the input it is of, and errors as values: the others go on. It throws
   * what the iterator of the inputs does, and then there are no more of them.
   */
  *nextOutcome(): Co<Item<FanOutOutcome<I, O>>> {
    for (;;) {
      this.#begin();
      const due = this.#takeDue();
      if (due !== undefined) return due;
      const finished = yield* this.#running.joinNext();
      if (finished === End) return End;
      this.#early.set(finished.index, finished);
    }
  }

  /**
   * All results that are left, in the order that was asked for.
   *
   * Cancel safety: not safe; dropped, it has taken results. Errors as {@link next}.
   */
  *collect(): Co<O[]> {
    const results = [];
    for (let next = yield* this.next(); next !== End; next = yield* this.next()) {
      results.push(next);
    }
    return results;
  }

  /** Aborts what is running, and takes no more inputs. Errors that nobody took are reported. */
  drop(): void {
    const isOpen = !this.#exhausted;
    this.#exhausted = true;
    let next = this.#running.tryJoinNext();
    for (; next !== End && next !== Pending; next = this.#running.tryJoinNext()) {
      if (next.how === "value") this.#early.set(next.value.index, next.value);
    }
    for (const outcome of this.#early.values()) this.#report(outcome);
    this.#early.clear();
    this.#running.drop();
    if (isOpen) this.#inputs.return?.(); // last, since it may throw
  }

  [Symbol.dispose](): void {
    this.drop();
  }

  /** Starts work up to the limit. What nobody has taken counts: results cannot pile up. */
  #begin(): void {
    while (!this.#exhausted && this.#running.size + this.#early.size < this.#limit) {
      this.#exhausted = true; // also when it throws
      const { done, value } = this.#inputs.next();
      if (done) return;
      this.#exhausted = false;
      this.#running.spawn(attempt(this.#work, value, this.#begun++));
    }
  }

  /** Ends everything; what the inputs' cleanup throws is reported: another error came first. */
  #fail(): void {
    try {
      this.drop();
    } catch (error) {
      this.#loop.orphan({ name: "cleanup of a fan-out", error, claimed: false });
    }
  }

  #takeDue(): FanOutOutcome<I, O> | undefined {
    const [index] = this.#inOrder ? [this.#given] : this.#early.keys();
    const outcome = this.#early.get(index);
    if (outcome === undefined) return undefined;
    this.#early.delete(index);
    this.#given++;
    return outcome;
  }

  #report(outcome: FanOutOutcome<I, O>): void {
    if (outcome.how === "value") return;
    const name = `input ${outcome.index} of a fan-out`;
    this.#loop.orphan({ name, error: outcome.error, claimed: false });
  }
}

function* attempt<I, O>(
  work: (input: I, index: number) => Answer<O>,
  input: I,
  index: number,
): Co<FanOutOutcome<I, O>> {
  try {
    return { how: "value", value: yield* settle(work(input, index)), input, index };
  } catch (error) {
    return { how: "error", error, input, index };
  }
}

/**
 * Runs `work` over many inputs, at most `limit` at once, each in a task of its own, and brings the
 * results together again.
 *
 * Inputs are taken one by one, only when there is room, so there may be no end of them. A result
 * makes room when it is taken: whoever asks slowly slows the work down. In the order of the
 * inputs, a slow one holds back those behind it.
 *
 * The design, a window of what is begun and not yet taken, is that of `buffered` and
 * `buffer_unordered` in Rust's `futures` package.
 *
 * @throws {RangeError} when the limit is not a whole number from 1 up
 * @throws {OutsideRuntime} when no task is running
 *
 * @example Two at once, results as they come
 * ```ts
 * import { blockOn, fanOut, pause, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const order = await blockOn(function* () {
 *   pause(); // time is what the deadlines say
 *   using naps = fanOut([30, 1, 10], function* (milliseconds) {
 *     yield* sleep(milliseconds);
 *     return milliseconds;
 *   }, { limit: 2 });
 *   return yield* naps.collect();
 * });
 * assertEquals(order, [1, 10, 30]);
 * ```
 */
export function fanOut<I, O>(
  inputs: Iterable<I>,
  work: (input: I, index: number) => Answer<O>,
  options: FanOutOptions,
): FanOut<I, O> {
  return new FanOut(inputs, work, options);
}
