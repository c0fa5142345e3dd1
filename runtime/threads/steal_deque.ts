/**
 * The deque of Chase and Lev: one thread works at its bottom, all others steal from its top.
 *
 * What makes it fast is that the owner pays for an atomic exchange only when one item is left;
 * else it moves `bottom` by plain stores. What makes it delicate is the order in which the two
 * sides see each other's moves.
 *
 * The owner's `pop` first lowers `bottom`, then reads `top`. A thief first reads `top`, then
 * `bottom`. If either pair could be seen in the other order, both might believe that the last item
 * is theirs alone: the owner, because the thief's `top` has not arrived, the thief, because the
 * owner's `bottom` has not. Lê, Pop, Cohen and Zappa Nardelli ("Correct and Efficient
 * Work-Stealing for Weak Memory Models", PPoPP 2013) put a full fence into that place of each; on
 * x86 the one in `pop` is the only costly instruction. JavaScript has no fences, and needs none
 * here: every `Atomics` operation is sequentially consistent, so that all threads agree on one
 * order of all of them, and that order keeps each thread's own. Hence a store of `bottom` followed
 * by a load of `top` *is* the fence, and the algorithm can be read as it stands in the first paper
 * (Chase and Lev, "Dynamic Circular Work-Stealing Deque", SPAA 2005), as if steps took turns.
 * The test does just that: it enumerates the turns.
 *
 * The race for the last item is decided by a compare-and-exchange of `top`, on both sides. An
 * item is read *before* that exchange: afterwards its place may hold another one.
 *
 * Two departures. The ring does not grow: it has room for every task there is. And to steal half
 * is to steal one by one: a thief that moved `top` by more than one would take what the owner,
 * who looks at `top` only near the end, is popping at this moment.
 *
 * `top` and `bottom` count up for ever, through the 32-bit wrap, and are compared by their
 * difference.
 */

import type { Memory } from "./memory.ts";

/** There was nothing to take. */
export const EMPTY = -1;
/** Another thread took it first: trying again is worthwhile. */
export const LOST = -2;

const TOP = 0;
const BOTTOM = 1;
const HEADER_WORDS = 2;

/** A deque of whole numbers from 0 up, in shared memory. */
export class StealDeque {
  #memory: Memory;
  #top: number;
  #bottom: number;
  #items: number;
  #mask: number;

  /** @param capacity a power of two */
  constructor(memory: Memory, base: number, capacity: number) {
    this.#memory = memory;
    this.#top = base + TOP;
    this.#bottom = base + BOTTOM;
    this.#items = base + HEADER_WORDS;
    this.#mask = capacity - 1;
  }

  /** How many words of memory it takes. */
  static words(capacity: number): number {
    return HEADER_WORDS + capacity;
  }

  /** How many it holds, as far as can be said while others steal. */
  get length(): number {
    const top = this.#memory.load(this.#top);
    return Math.max((this.#memory.load(this.#bottom) - top) | 0, 0);
  }

  /** Adds at the bottom; false when it is full. Its owner alone may call this. */
  push(item: number): boolean {
    const bottom = this.#memory.load(this.#bottom);
    const length = (bottom - this.#memory.load(this.#top)) | 0;
    if (length > this.#mask) return false;
    this.#memory.store(this.#place(bottom), item);
    this.#memory.store(this.#bottom, (bottom + 1) | 0);
    return true;
  }

  /** Takes the youngest, or answers `EMPTY`. Its owner alone may call this. */
  pop(): number {
    const bottom = (this.#memory.load(this.#bottom) - 1) | 0;
    this.#memory.store(this.#bottom, bottom);
    const top = this.#memory.load(this.#top);
    const left = (bottom - top) | 0;
    if (left < 0) {
      this.#memory.store(this.#bottom, (bottom + 1) | 0);
      return EMPTY;
    }
    const item = this.#memory.load(this.#place(bottom));
    if (left > 0) return item;
    const won = this.#memory.compareExchange(this.#top, top, (top + 1) | 0) === top;
    this.#memory.store(this.#bottom, (bottom + 1) | 0);
    return won ? item : EMPTY;
  }

  /** Takes the oldest, or answers `EMPTY` or `LOST`; from any thread. */
  steal(): number {
    const top = this.#memory.load(this.#top);
    const bottom = this.#memory.load(this.#bottom);
    if (((bottom - top) | 0) <= 0) return EMPTY;
    const item = this.#memory.load(this.#place(top));
    const won = this.#memory.compareExchange(this.#top, top, (top + 1) | 0) === top;
    return won ? item : LOST;
  }

  /**
   * Moves the older half into `mine`, the thief's own deque, and answers one more of them to run
   * at once; `EMPTY` when there is none.
   */
  stealHalfInto(mine: StealDeque): number {
    const first = this.#stealOne();
    if (first === EMPTY) return EMPTY;
    for (let left = this.length >> 1; left > 0; left--) {
      const item = this.#stealOne();
      if (item === EMPTY) break;
      mine.push(item);
    }
    return first;
  }

  #stealOne(): number {
    for (;;) {
      const item = this.steal();
      if (item !== LOST) return item;
    }
  }

  #place(index: number): number {
    return this.#items + (index & this.#mask);
  }
}
