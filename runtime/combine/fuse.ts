import type { Context } from "../core/context.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";

class Fuse<T> extends Future<T> {
  #inner: Future<T> | undefined;

  constructor(inner: Future<T>) {
    super();
    this.#inner = inner;
  }

  poll(cx: Context): Poll<T> {
    if (this.#inner === undefined) return Pending;
    let polled: Poll<T> | undefined;
    try {
      polled = this.#inner.poll(cx);
      return polled;
    } finally {
      if (polled !== Pending) this.#inner = undefined;
    }
  }

  override drop(): void {
    const inner = this.#inner;
    this.#inner = undefined;
    inner?.drop();
  }
}

/**
 * Gives the value of `body` once, and is pending for ever after, where other futures throw when
 * they are polled again. For hand-written loops that keep a future across rounds.
 *
 * Cancel safety: as the body's.
 *
 * @example
 * ```ts
 * import { fuse, Pending, ready } from "wakeful/runtime";
 * import { pollOnce } from "wakeful/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const once = fuse(ready(1));
 * assertEquals([pollOnce(once), pollOnce(once)], [1, Pending]);
 * ```
 */
export function fuse<T>(body: Spawnable<T>): Future<T> {
  return new Fuse(intoFuture(body));
}
