/**
 * Items in order, found by halving.
 *
 * Adding at the end and taking from the front, as a queue does, is cheap: what was taken is only
 * cut off when it is half of the array. Elsewhere it moves what lies behind.
 */
export class SortedList<T> {
  #items: T[] = [];
  #start = 0;
  #compare: (one: T, other: T) => number;

  /** @param compare below 0 when `one` comes first; 0 for the same item only */
  constructor(compare: (one: T, other: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length - this.#start;
  }

  add(item: T): void {
    const at = this.#place(item);
    if (at === this.#items.length) this.#items.push(item);
    else this.#items.splice(at, 0, item);
  }

  /** Takes out the item that compares as the same; it is in it. */
  remove(item: T): void {
    const at = this.#place(item);
    if (at !== this.#start) return void this.#items.splice(at, 1);
    this.#start++;
    if (2 * this.#start < this.#items.length) return;
    this.#items.splice(0, this.#start);
    this.#start = 0;
  }

  first(max: number): T[] {
    return this.#items.slice(this.#start, Math.min(this.#start + max, this.#items.length));
  }

  /** Of those that `keep` accepts, the last ones, the very last first. */
  last(max: number, keep: (item: T) => boolean): T[] {
    const found: T[] = [];
    for (let at = this.#items.length - 1; at >= this.#start && found.length < max; at--) {
      if (keep(this.#items[at])) found.push(this.#items[at]);
    }
    return found;
  }

  /** Where the item is, or would be. */
  #place(item: T): number {
    let [low, high] = [this.#start, this.#items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#items[middle], item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
