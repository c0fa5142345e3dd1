import { type RawWakerVTable, Waker } from "../core/waker.ts";
import { type Memory, SharedMemory } from "./memory.ts";

const EMPTY = 0;
const NOTIFIED = 1;
const TOKEN = 0;
const TOKEN_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** Waits for the token and takes it; false when `limit` milliseconds passed. */
export function takeToken(memory: Memory, limit = Infinity): boolean {
  memory.wait(TOKEN, EMPTY, limit);
  return memory.exchange(TOKEN, EMPTY) === NOTIFIED;
}

/** Leaves the token, and only then wakes who waits for it: the other way round it would be lost. */
export function leaveToken(memory: Memory): void {
  memory.store(TOKEN, NOTIFIED);
  memory.notify(TOKEN);
}

/**
 * Blocks this thread until another one lets it go on: one word of shared memory.
 *
 * A token, not a count: any number of `unpark` calls before a `park` make that one return at
 * once, and only that one. The buffer can be posted to another Worker, which makes a `Parker` of
 * the same token from it.
 *
 * @example A token left before
 * ```ts
 * import { Parker } from "wakeful/runtime";
 * import { assert, assertFalse } from "@std/assert";
 *
 * const parker = new Parker();
 * new Parker(parker.buffer).unpark(); // as another thread would
 * assert(parker.park());
 * assertFalse(parker.park(1)); // one token, one park: this one runs into its limit
 * ```
 */
export class Parker {
  readonly buffer: SharedArrayBuffer;
  #memory: Memory;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(TOKEN_BYTES)) {
    this.buffer = buffer;
    this.#memory = new SharedMemory(buffer);
  }

  /** Blocks until the token is there, and takes it; false when `limit` milliseconds passed. */
  park(limit = Infinity): boolean {
    return takeToken(this.#memory, limit);
  }

  /** Leaves the token and wakes the parked thread; from any thread. */
  unpark(): void {
    leaveToken(this.#memory);
  }

  /** A waker that unparks, on whichever thread it is used. */
  waker(): Waker {
    return Waker.fromRaw(this as Parker, PARKER_WAKER);
  }
}

const PARKER_WAKER: RawWakerVTable<Parker> = {
  clone() {},
  wake: (parker) => parker.unpark(),
  wakeByRef: (parker) => parker.unpark(),
  drop() {},
};
