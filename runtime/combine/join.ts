import type { Context, Loop } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";
import { FuturesUnordered } from "./futures_unordered.ts";
import { map } from "./map.ts";

/** The values of several bodies, each in the place of its body. */
export type Joined<Bodies extends readonly Spawnable<unknown>[]> = {
  -readonly [I in keyof Bodies]: Bodies[I] extends Spawnable<infer T> ? T : never;
};

class Join<T> extends Future<T[]> {
  #running: FuturesUnordered<void> | undefined;
  #values: T[];
  #hasty: boolean;
  #failure: { error: unknown } | undefined;
  #loop: Loop | undefined;

  constructor(bodies: Iterable<Spawnable<T>>, hasty: boolean) {
    super();
    const futures = Array.from(bodies, intoFuture<T>);
    this.#values = new Array(futures.length);
    this.#hasty = hasty;
    this.#running = new FuturesUnordered<void>(
      futures.map((future, place) => map(future, (value) => void (this.#values[place] = value))),
    );
  }

  poll(cx: Context): Poll<T[]> {
    const running = this.#running;
    if (running === undefined) throw new PolledAfterReady("a join");
    this.#loop = cx.loop;
    if (running.pollWoken(cx, this.#onError) === Pending) return Pending;
    this.#running = undefined;
    if (this.#failure !== undefined) throw this.#failure.error;
    return this.#values;
  }

  override drop(): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    if (this.#failure !== undefined) this.#report(this.#failure.error); // it will not be thrown
    running.forgetWaker();
    running.drop();
  }

  #onError = (error: unknown): void => {
    if (this.#failure === undefined) this.#failure = { error };
    else this.#report(error);
    if (this.#hasty) this.#dropRest(this.#running!);
  };

  #dropRest(running: FuturesUnordered<void>): void {
    try {
      running.drop();
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    this.#loop?.orphan({ name: "one of a join", error, claimed: false });
  }
}

/**
 * Runs several side by side in this task, and answers all values once the last one has finished.
 *
 * They share the task: they take turns, and dropping the join drops them all. When one throws, the
 * others run to their end nevertheless; then the first error is thrown, and further ones are
 * reported, as is the first when the join is dropped meanwhile. `tryJoin` does not wait for the
 * others.
 *
 * Cancel safety: as the bodies', which are dropped.
 *
 * @throws whatever a body threw first
 *
 * @example
 * ```ts
 * import { blockOn, join, ready, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const both = await blockOn(function* () {
 *   return yield* join(ready("hello"), function* () {
 *     yield* sleep(1);
 *     return 42;
 *   });
 * });
 * assertEquals(both, ["hello", 42]);
 * ```
 */
export function join<const Bodies extends readonly Spawnable<unknown>[]>(
  ...bodies: Bodies
): Future<Joined<Bodies>> {
  return joinAll(bodies) as Future<unknown> as Future<Joined<Bodies>>;
}

/** As {@link join}, of any number: the values come in the order of the bodies. */
export function joinAll<T>(bodies: Iterable<Spawnable<T>>): Future<T[]> {
  return new Join(bodies, false);
}

/**
 * As {@link join}, but the first error ends it: the others are dropped, and it is thrown.
 *
 * @throws whatever a body threw first
 *
 * @example The first error wins
 * ```ts
 * import { blockOn, pending, tryJoin } from "wakeful/runtime";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() =>
 *   blockOn(() =>
 *     tryJoin(pending(), function* () {
 *       throw new RangeError("no");
 *     })
 *   ), RangeError);
 * ```
 */
export function tryJoin<const Bodies extends readonly Spawnable<unknown>[]>(
  ...bodies: Bodies
): Future<Joined<Bodies>> {
  return tryJoinAll(bodies) as Future<unknown> as Future<Joined<Bodies>>;
}

/** As {@link tryJoin}, of any number. */
export function tryJoinAll<T>(bodies: Iterable<Spawnable<T>>): Future<T[]> {
  return new Join(bodies, true);
}
