import type { Context } from "../core/context.ts";
import { PolledAfterReady } from "../core/errors.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";

class Map<T, U> extends Future<U> {
  #inner: Future<T> | undefined;
  #change: (value: T) => U;

  constructor(inner: Future<T>, change: (value: T) => U) {
    super();
    this.#inner = inner;
    this.#change = change;
  }

  poll(cx: Context): Poll<U> {
    if (this.#inner === undefined) throw new PolledAfterReady("map()");
    const polled = this.#inner.poll(cx);
    if (polled === Pending) return Pending;
    this.#inner = undefined;
    return this.#change(polled);
  }

  override drop(): void {
    const inner = this.#inner;
    this.#inner = undefined;
    inner?.drop();
  }
}

/**
 * The value of `body`, changed by `change`.
 *
 * Cancel safety: as the body's.
 *
 * @example
 * ```ts
 * import { blockOn, map, ready } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await blockOn(map(ready(21), (half) => 2 * half)), 42);
 * ```
 */
export function map<T, U>(body: Spawnable<T>, change: (value: T) => U): Future<U> {
  return new Map(intoFuture(body), change);
}
