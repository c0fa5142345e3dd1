/**
 * How many slots a key can tell apart. The rest of a double's 53 bits, 29, count generations, so
 * a stale key is mistaken only after its slot has been used half a thousand million times more.
 */
const MAX_SLOTS = 2 ** 24;
const SLOT_MASK = MAX_SLOTS - 1; // bit operations see a number's low 32 bits, beyond 2³² too
const MAX_KEY = 2 ** 53;
const NO_SLOT = -1;

interface Slot<T> {
  value: T | undefined;
  /** The slot's number plus its generation in steps of `MAX_SLOTS`. */
  key: number;
  nextFree: number;
}

/**
 * Values under small numbers that are reused, with a generation so that an old number is noticed.
 *
 * `insert`, `get` and `remove` are O(1). A key is a plain number (generation × 2²⁴ + slot) that
 * fits into a double, and so into 64 bits of a kernel event.
 */
export class Slab<T> {
  #slots: Slot<T>[] = [];
  #firstFree = NO_SLOT;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /**
   * Stores a value and returns its key.
   *
   * @throws {RangeError} when 2²⁴ values are stored at once
   */
  insert(value: T): number {
    const index = this.#takeFree();
    const slot = this.#slots[index];
    slot.value = value;
    this.#size++;
    return slot.key;
  }

  /** The value under `key`; `undefined` when it was removed, also when its slot is used again. */
  get(key: number): T | undefined {
    return this.#find(key)?.value;
  }

  /** Removes and returns the value under `key`; `undefined` when there is none. */
  remove(key: number): T | undefined {
    const slot = this.#find(key);
    if (slot?.value === undefined) return undefined;
    const value = slot.value;
    slot.value = undefined;
    slot.key = key + MAX_SLOTS < MAX_KEY ? key + MAX_SLOTS : key & SLOT_MASK;
    slot.nextFree = this.#firstFree;
    this.#firstFree = key & SLOT_MASK;
    this.#size--;
    return value;
  }

  *values(): Generator<T> {
    for (const slot of this.#slots) if (slot.value !== undefined) yield slot.value;
  }

  #find(key: number): Slot<T> | undefined {
    const slot = this.#slots[key & SLOT_MASK];
    return slot?.key === key ? slot : undefined;
  }

  #takeFree(): number {
    const free = this.#firstFree;
    if (free !== NO_SLOT) {
      this.#firstFree = this.#slots[free].nextFree;
      return free;
    }
    if (this.#slots.length === MAX_SLOTS) throw new RangeError(`A slab holds ${MAX_SLOTS} values`);
    const index = this.#slots.length;
    this.#slots.push({ value: undefined, key: index, nextFree: NO_SLOT });
    return index;
  }
}
