/**
 * How many slots a key can tell apart. The rest of a double's 53 bits, 29, count generations, so
 * a stale key is mistaken only after its slot has been used half a thousand million times more.
 */
const MAX_SLOTS = 2 ** 24;
const MAX_GENERATION = 2 ** 29 - 1;
const NO_SLOT = -1;

interface Slot<T> {
  value: T | undefined;
  generation: number;
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
    return slot.generation * MAX_SLOTS + index;
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
    slot.generation = slot.generation === MAX_GENERATION ? 0 : slot.generation + 1;
    slot.nextFree = this.#firstFree;
    this.#firstFree = key % MAX_SLOTS;
    this.#size--;
    return value;
  }

  *values(): Generator<T> {
    for (const slot of this.#slots) if (slot.value !== undefined) yield slot.value;
  }

  #find(key: number): Slot<T> | undefined {
    const slot = this.#slots[key % MAX_SLOTS];
    const generation = Math.floor(key / MAX_SLOTS);
    return slot !== undefined && slot.generation === generation ? slot : undefined;
  }

  #takeFree(): number {
    const free = this.#firstFree;
    if (free !== NO_SLOT) {
      this.#firstFree = this.#slots[free].nextFree;
      return free;
    }
    if (this.#slots.length === MAX_SLOTS) throw new RangeError(`A slab holds ${MAX_SLOTS} values`);
    this.#slots.push({ value: undefined, generation: 0, nextFree: NO_SLOT });
    return this.#slots.length - 1;
  }
}
