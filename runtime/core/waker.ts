/**
 * Wakers: how whatever a future waits for tells its task to poll again.
 *
 * A waker is a handle made of two parts, data and a table of four functions, so that a task, a
 * counter or a parked thread can stand behind the same face. Handles are counted for real:
 * `clone` takes a reference, `wake` and `drop` give it back, and a handle used after it was given
 * back is an error. So a test can see that nothing keeps a task's waker which has ended.
 */

import { Misuse } from "./errors.ts";

/** The four functions behind a waker; the owner of `D` decides what each means for its count. */
export interface RawWakerVTable<D> {
  /** One more handle exists. */
  clone(data: D): void;
  /** Wakes, and gives one handle back. */
  wake(data: D): void;
  /** Wakes, and keeps the handle. */
  wakeByRef(data: D): void;
  /** Gives one handle back without waking. */
  drop(data: D): void;
}

/**
 * A counted handle that makes a task run again.
 *
 * Waking is idempotent until the next poll, allowed from anywhere on the thread, and harmless
 * when the task has finished.
 *
 * @example A waker that remembers it was used
 * ```ts
 * import { countingWaker } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const { waker, count } = countingWaker();
 * const other = waker.clone();
 * assertEquals(count.handles, 2);
 * other.wake(); // consumes the handle
 * assertEquals([count.wakes, count.handles], [1, 1]);
 * ```
 */
export class Waker {
  #data: unknown;
  #vtable: RawWakerVTable<unknown>;
  #spent = false;

  private constructor(data: unknown, vtable: RawWakerVTable<unknown>) {
    this.#data = data;
    this.#vtable = vtable;
  }

  /** Makes a waker from data and its table; the handle it returns is already counted as one. */
  static fromRaw<D>(data: D, vtable: RawWakerVTable<D>): Waker {
    return new Waker(data, vtable as RawWakerVTable<unknown>);
  }

  /** Takes another handle to the same task. */
  clone(): Waker {
    assertLive(this.#spent);
    this.#vtable.clone(this.#data);
    return new Waker(this.#data, this.#vtable);
  }

  /** Wakes the task and gives this handle back. */
  wake(): void {
    assertLive(this.#spent);
    this.#spent = true;
    this.#vtable.wake(this.#data);
  }

  /** Wakes the task and keeps this handle. */
  wakeByRef(): void {
    assertLive(this.#spent);
    this.#vtable.wakeByRef(this.#data);
  }

  /** Gives this handle back without waking. Dropping it twice is allowed, as `using` needs. */
  drop(): void {
    if (this.#spent) return;
    this.#spent = true;
    this.#vtable.drop(this.#data);
  }

  /** Whether waking `other` would wake the same task: then a stored handle need not be replaced. */
  willWake(other: Waker): boolean {
    return this.#data === other.#data && this.#vtable === other.#vtable;
  }

  [Symbol.dispose](): void {
    this.drop();
  }
}

/** No private method: that would make every waker a word larger. */
function assertLive(spent: boolean): void {
  if (spent) throw new Misuse("Cannot use a waker after wake() or drop(): clone it first");
}

/**
 * Keeps `waker` in place of `stored`, cloning only when they wake different tasks.
 *
 * @returns what to store
 */
export function storeWaker(stored: Waker | undefined, waker: Waker): Waker {
  if (stored !== undefined) {
    if (stored.willWake(waker)) return stored;
    stored.drop();
  }
  return waker.clone();
}

const NOOP: RawWakerVTable<undefined> = {
  clone() {},
  wake() {},
  wakeByRef() {},
  drop() {},
};

/** A waker that does nothing, for polling by hand. */
export function noopWaker(): Waker {
  return Waker.fromRaw(undefined, NOOP);
}

/** How often a counting waker was woken, and how many of its handles are alive. */
export interface WakeCount {
  wakes: number;
  handles: number;
}

const COUNTING: RawWakerVTable<WakeCount> = {
  clone: (count) => void count.handles++,
  wake: (count) => {
    count.wakes++;
    count.handles--;
  },
  wakeByRef: (count) => void count.wakes++,
  drop: (count) => void count.handles--,
};

/** A waker that counts, for tests: `count.wakes` and `count.handles` are live. */
export function countingWaker(): { waker: Waker; count: WakeCount } {
  const count = { wakes: 0, handles: 1 };
  return { waker: Waker.fromRaw(count, COUNTING), count };
}

const CALLBACK: RawWakerVTable<() => void> = {
  clone() {},
  wake: (callback) => callback(),
  wakeByRef: (callback) => callback(),
  drop() {},
};

/** A waker that calls `callback` at each wake: the bridge to code that is not a task. */
export function callbackWaker(callback: () => void): Waker {
  return Waker.fromRaw(callback, CALLBACK);
}
