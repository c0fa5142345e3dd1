import type { Context } from "../core/context.ts";
import { Misuse, PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import { dropAll } from "./drop_all.ts";

class Race<T> extends Future<T> {
  #entrants: Future<T>[];

  constructor(entrants: Future<T>[]) {
    super();
    this.#entrants = entrants;
  }

  poll(cx: Context): Poll<T> {
    if (this.#entrants.length === 0) throw new PolledAfterReady("a race");
    for (const entrant of this.#entrants) {
      let polled: Poll<T>;
      try {
        polled = entrant.poll(cx);
      } catch (error) {
        this.#dropLosers(entrant, cx);
        throw error;
      }
      if (polled !== Pending) {
        this.#dropLosers(entrant, cx);
        return polled;
      }
    }
    return Pending;
  }

  override toString(): string {
    return `race(${this.#entrants.join(", ")})`;
  }

  override drop(): void {
    this.#dropAllBut(undefined);
  }

  /** What a loser's cleanup throws is reported: it must not take the place of the outcome. */
  #dropLosers(winner: Future<T>, cx: Context): void {
    try {
      this.#dropAllBut(winner);
    } catch (error) {
      cx.loop.orphan({ name: "cleanup of a race", error, claimed: false });
    }
  }

  #dropAllBut(winner: Future<T> | undefined): void {
    const entrants = this.#entrants;
    this.#entrants = [];
    dropAll(entrants.filter((entrant) => entrant !== winner));
  }
}

/**
 * Waits for the first of several to be ready and drops the others.
 *
 * They are polled in the order given, so an earlier one that is always ready wins always. An
 * error wins, too.
 *
 * Cancel safety: as the least safe of its entrants, since the losers are dropped.
 *
 * @throws whatever an entrant throws first
 *
 * @example
 * ```ts
 * import { blockOn, race, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const winner = await blockOn(() =>
 *   race(
 *     function* () {
 *       yield* sleep(50);
 *       return "tortoise";
 *     },
 *     function* () {
 *       yield* sleep(1);
 *       return "hare";
 *     },
 *   )
 * );
 * assertEquals(winner, "hare");
 * ```
 */
export function race<T>(...entrants: Spawnable<T>[]): Future<T> {
  if (entrants.length === 0) throw new Misuse("Cannot race nothing: it would wait for ever");
  return new Race(entrants.map((entrant) => intoFuture(entrant)));
}
