import type { Context } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { WaitList, type WaitNode } from "./wait_list.ts";

/** What each of those who met at a barrier is told. */
export interface BarrierWaitResult {
  /** True for one of them, the last to come: it may do what is to be done once. */
  readonly leader: boolean;
}

/**
 * A place where a number of tasks wait for each other.
 *
 * When the last of them comes all go on, and the barrier is as new: those who come next belong to
 * the next generation.
 *
 * @example Nobody begins the second step before all have done the first
 * ```ts
 * import { Barrier, blockOn, scope, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const steps: string[] = [];
 * await blockOn(() =>
 *   scope(function* (s) {
 *     const barrier = new Barrier(2);
 *     for (const ms of [1, 5]) {
 *       s.spawn(function* () {
 *         yield* sleep(ms);
 *         steps.push("first");
 *         yield* barrier.wait();
 *         steps.push("second");
 *       });
 *     }
 *   })
 * );
 * assertEquals(steps, ["first", "first", "second", "second"]);
 * ```
 */
export class Barrier {
  /** How many have to meet. */
  readonly parties: number;
  readonly #waiters = new WaitList<undefined>();

  /** @throws {RangeError} when `parties` is not a whole number from 1 up */
  constructor(parties: number) {
    if (!Number.isInteger(parties) || parties < 1) {
      throw new RangeError(`Expected a whole number of parties from 1 up, got ${parties}`);
    }
    this.parties = parties;
  }

  /** How many of this generation wait. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /**
   * Waits until all have come. One has come with its first poll.
   *
   * Cancel safety: safe; whoever is dropped before all have come counts no longer.
   */
  wait(): Future<BarrierWaitResult> {
    return new Arrival(this.parties, this.#waiters);
  }
}

class Arrival extends Future<BarrierWaitResult> {
  readonly #parties: number;
  readonly #waiters: WaitList<undefined>;
  #node: WaitNode<undefined> | undefined;
  #spent = false;

  constructor(parties: number, waiters: WaitList<undefined>) {
    super();
    this.#parties = parties;
    this.#waiters = waiters;
  }

  poll(cx: Context): Poll<BarrierWaitResult> {
    if (this.#spent) throw new PolledAfterReady("a barrier's wait()");
    if (this.#node === undefined) return this.#arrive(cx);
    if (this.#node.waiting) {
      this.#node.refresh(cx.waker);
      return Pending;
    }
    this.#spent = true;
    return { leader: false };
  }

  override drop(): void {
    this.#spent = true;
    this.#node?.leave();
  }

  /** The last one answers at once, so a generation that is complete always has its leader. */
  #arrive(cx: Context): Poll<BarrierWaitResult> {
    if (this.#waiters.length + 1 < this.#parties) {
      this.#node = this.#waiters.join(undefined, cx.waker);
      return Pending;
    }
    this.#spent = true;
    this.#waiters.notifyAll();
    return { leader: true };
  }
}
