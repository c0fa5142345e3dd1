import type { Context } from "../core/context.ts";
import { Misuse, PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import { dropAll } from "./drop_all.ts";

/** What `select` waits for, by name; `undefined` takes a branch out. */
export type Branches = Readonly<Record<string, Spawnable<unknown> | undefined>>;

type ValueOf<Branch> = Branch extends Spawnable<infer T> ? T : never;

/** The branch that was first, and its value: a union that `key` tells apart. */
export type Selected<B extends Branches> = {
  [K in keyof B & string]: {
    readonly key: K;
    readonly value: ValueOf<Exclude<B[K], undefined>>;
  };
}[keyof B & string];

export interface SelectOptions {
  /**
   * Polls the branches in the order they are written, instead of a fair one. (Keys that look like
   * whole numbers come first, as in every object.)
   */
  readonly biased?: boolean;
}

class Select<B extends Branches> extends Future<Selected<B>> {
  #keys: string[];
  #futures: Future<unknown>[];
  #biased: boolean;

  constructor(branches: B, biased: boolean) {
    super();
    this.#keys = Object.keys(branches).filter((key) => branches[key] !== undefined);
    if (this.#keys.length === 0) {
      throw new Misuse("Cannot select from no branch: it would wait for ever");
    }
    this.#futures = this.#keys.map((key) => intoFuture(branches[key]!));
    this.#biased = biased;
  }

  poll(cx: Context): Poll<Selected<B>> {
    const count = this.#futures.length;
    if (count === 0) throw new PolledAfterReady("a select");
    const first = this.#biased ? 0 : cx.loop.random.below(count);
    for (let i = 0; i < count; i++) {
      const branch = (first + i) % count;
      const polled = this.#pollBranch(branch, cx);
      if (polled === Pending) continue;
      this.#dropLosers(branch, cx);
      return { key: this.#keys[branch], value: polled } as Selected<B>;
    }
    return Pending;
  }

  override toString(): string {
    return `select(${this.#keys.map((key, i) => `${key}: ${this.#futures[i]}`).join(", ")})`;
  }

  override drop(): void {
    const futures = this.#futures;
    this.#futures = [];
    dropAll(futures);
  }

  #pollBranch(branch: number, cx: Context): Poll<unknown> {
    try {
      return this.#futures[branch].poll(cx);
    } catch (error) {
      this.#dropLosers(branch, cx);
      throw error;
    }
  }

  /** What a loser's cleanup throws is reported: it must not take the place of the outcome. */
  #dropLosers(winner: number, cx: Context): void {
    const losers = this.#futures.filter((_, branch) => branch !== winner);
    this.#futures = [];
    try {
      dropAll(losers);
    } catch (error) {
      cx.loop.orphan({ name: "cleanup of a select", error, claimed: false });
    }
  }
}

/**
 * Waits for the first of several named branches and drops the others.
 *
 * The answer tells which it was: `{ key, value }`, and TypeScript knows the value's type once the
 * key is compared. Each poll begins with a branch drawn from the runtime's seed, so that of two
 * which are always ready none starves; with `biased` the order is as written, and an earlier
 * branch goes first. An error wins, too. A branch that is `undefined` is left out.
 *
 * Cancel safety: as the least safe of its branches, since the losers are dropped; `byRef` keeps one.
 *
 * @throws whatever a branch throws first
 * @throws {Misuse} when there is no branch
 *
 * @example
 * ```ts
 * import { blockOn, ready, select, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const first = await blockOn(function* () {
 *   const { key, value } = yield* select({ line: ready("hello"), timeout: sleep(1_000) });
 *   return key === "line" ? value.toUpperCase() : key;
 * });
 * assertEquals(first, "HELLO");
 * ```
 */
export function select<B extends Branches>(
  branches: B,
  options: SelectOptions = {},
): Future<Selected<B>> {
  return new Select(branches, options.biased ?? false);
}
