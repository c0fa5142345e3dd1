import type { Context } from "../core/context.ts";
import { Future } from "../core/future.ts";
import { Pending, type Poll } from "../core/poll.ts";
import { intoFuture, type Spawnable } from "../task/coroutine.ts";

/** How a future ended. */
export type Ended<T> =
  | { readonly how: "value"; readonly value: T }
  | { readonly how: "error"; readonly error: unknown }
  | { readonly how: "dropped" };

class Finalize<T> extends Future<T> {
  #body: Future<T>;
  #tell: ((ended: Ended<T>) => void) | undefined;

  constructor(body: Future<T>, tell: (ended: Ended<T>) => void) {
    super();
    this.#body = body;
    this.#tell = tell;
  }

  poll(cx: Context): Poll<T> {
    let polled: Poll<T>;
    try {
      polled = this.#body.poll(cx);
    } catch (error) {
      this.#end({ how: "error", error });
      throw error;
    }
    if (polled !== Pending) this.#end({ how: "value", value: polled });
    return polled;
  }

  override drop(): void {
    try {
      this.#body.drop();
    } catch (error) {
      this.#end({ how: "error", error });
      throw error;
    }
    this.#end({ how: "dropped" });
  }

  #end(ended: Ended<T>): void {
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.(ended);
  }
}

/**
 * Runs `body` and calls `tell` once with how it ended: a value, an error, or dropped.
 *
 * Unlike a `finally` block it is called also when the body is dropped before its first poll, when
 * a coroutine has not begun and has no block to leave. That makes it the place to give back what
 * a task was handed. The value or error is passed on.
 *
 * Cancel safety: as the body's.
 *
 * @throws whatever `body` throws
 *
 * @example
 * ```ts
 * import { blockOn, finalize, spawn } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const ends: string[] = [];
 * await blockOn(function* () {
 *   const never = function* () {
 *     ends.push("began");
 *   };
 *   spawn(finalize(never, ({ how }) => ends.push(how))).abort();
 * });
 * assertEquals(ends, ["dropped"]);
 * ```
 */
export function finalize<T>(body: Spawnable<T>, tell: (ended: Ended<T>) => void): Future<T> {
  return new Finalize(intoFuture(body), tell);
}
