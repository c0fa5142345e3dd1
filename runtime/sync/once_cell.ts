import { type Co, type Future, ready } from "../core/future.ts";
import { Coroutine, intoFuture, type Spawnable } from "../task/coroutine.ts";
import { Semaphore } from "./semaphore.ts";

/**
 * A value that is set once, by the first who needs it.
 *
 * @example Two ask, one connects
 * ```ts
 * import { blockOn, OnceCell, sleep, spawn } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * let connects = 0;
 * const seen = await blockOn(function* () {
 *   const cell = new OnceCell<string>();
 *   const connect = function* () {
 *     connects++;
 *     yield* sleep(5);
 *     return "connection";
 *   };
 *   const other = spawn(() => cell.getOrInit(connect));
 *   return [yield* cell.getOrInit(connect), yield* other];
 * });
 * assertEquals(seen, ["connection", "connection"]);
 * assertEquals(connects, 1);
 * ```
 */
export class OnceCell<T> {
  #held: { readonly value: T } | undefined;
  readonly #turn = new Semaphore(1);

  /** Whether it has its value. */
  get isSet(): boolean {
    return this.#held !== undefined;
  }

  /** The value, or `undefined` while there is none. */
  get(): T | undefined {
    return this.#held?.value;
  }

  /** Sets the value. False, and nothing is changed, when it is set already or being made. */
  set(value: T): boolean {
    if (this.isSet || this.#turn.available === 0) return false;
    this.#held = { value };
    return true;
  }

  /**
   * The value; while there is none, `body` is run to make it. One body runs at a time, and the
   * others wait. When it throws or is dropped, the one who has waited longest runs its own.
   *
   * A body that asks the same cell waits for itself.
   *
   * Cancel safety: as the body's; a dropped wait leaves the cell as it was.
   *
   * @throws whatever `body` throws: the cell stays without a value
   */
  getOrInit(body: () => Spawnable<T>): Future<T> {
    return this.#held ? ready(this.#held.value) : new Coroutine(this.#initialise(body));
  }

  *#initialise(body: () => Spawnable<T>): Co<T> {
    using _turn = yield* this.#turn.acquire();
    if (this.#held !== undefined) return this.#held.value;
    const value = yield* intoFuture(body());
    this.#held = { value };
    // All who wait go on at once, not each when the one before it has been polled.
    this.#turn.addPermits(this.#turn.waiting);
    return value;
  }
}
