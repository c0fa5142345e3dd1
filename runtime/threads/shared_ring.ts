import type { Memory } from "./memory.ts";
import { EMPTY } from "./steal_deque.ts";

const HEAD = 0;
const TAIL = 1;
const HEADER_WORDS = 2;
/** Each place has a turn number beside its item. */
const PLACE_WORDS = 2;

/**
 * A bounded queue of whole numbers in shared memory, for any number of threads at both ends.
 *
 * Each place carries the number of the turn in which it may be used next: `n` for the push that
 * comes as the n-th, `n + 1` for the pop that follows it. A thread claims a place by moving the
 * head or the tail, and publishes it by setting its turn; so a push that is under way delays the
 * pop of that place and nothing else. The algorithm is Dmitry Vyukov's "Bounded MPMC queue"
 * (2010).
 *
 * New memory holds zeros, and to be used as they are the turns are kept relative to their place.
 */
export class SharedRing {
  #memory: Memory;
  #head: number;
  #tail: number;
  #places: number;
  #mask: number;

  /** @param capacity a power of two, 2 at least */
  constructor(memory: Memory, base: number, capacity: number) {
    this.#memory = memory;
    this.#head = base + HEAD;
    this.#tail = base + TAIL;
    this.#places = base + HEADER_WORDS;
    this.#mask = capacity - 1;
  }

  /** How many words of memory it takes. */
  static words(capacity: number): number {
    return HEADER_WORDS + PLACE_WORDS * capacity;
  }

  /** How many it holds, as far as can be said while others push and pop. */
  get length(): number {
    const head = this.#memory.load(this.#head);
    return Math.max((this.#memory.load(this.#tail) - head) | 0, 0);
  }

  /** Adds at the tail; false when it is full. */
  push(item: number): boolean {
    const place = this.#claim(this.#tail, 0);
    if (place === EMPTY) return false;
    this.#memory.store(place + 1, item);
    this.#memory.add(place, 1);
    return true;
  }

  /** Takes from the head, or answers `EMPTY`. */
  pop(): number {
    const place = this.#claim(this.#head, 1);
    if (place === EMPTY) return EMPTY;
    const item = this.#memory.load(place + 1);
    this.#memory.add(place, this.#mask);
    return item;
  }

  /** Moves one end past a place whose turn it is, and answers the place. */
  #claim(end: number, lead: number): number {
    for (;;) {
      const index = this.#memory.load(end);
      const at = index & this.#mask;
      const place = this.#places + PLACE_WORDS * at;
      const early = (this.#memory.load(place) + at - index - lead) | 0;
      if (early < 0) return EMPTY;
      if (early > 0) continue; // another thread has claimed it since
      if (this.#memory.compareExchange(end, index, (index + 1) | 0) === index) return place;
    }
  }
}
