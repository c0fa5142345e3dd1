/** Of what is there, how much room is made at once in front of it. */
const ROOM_SHARE = 1 / 4;

/**
 * Items in order, found by halving.
 *
 * Whatever is added or removed moves the shorter side, so it is cheap at both ends: there is room
 * in front of the first item, which is only cut off when it is half of the array.
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
    else if (at - this.#start < this.#items.length - at) this.#addInFront(item, at - this.#start);
    else this.#items.splice(at, 0, item);
  }

  /** Takes out the item that compares as the same; it is in it. */
  remove(item: T): void {
    const at = this.#place(item);
    if (at - this.#start > this.#items.length - at) return void this.#items.splice(at, 1);
    this.#items.copyWithin(this.#start + 1, this.#start, at);
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

  /** Adds it with so many before it, which make room for it. */
  #addInFront(item: T, before: number): void {
    if (this.#start === 0) {
      this.#start = Math.ceil(this.#items.length * ROOM_SHARE);
      this.#items = new Array<T>(this.#start).concat(this.#items);
    }
    this.#items.copyWithin(this.#start - 1, this.#start, this.#start + before);
    this.#start--;
    this.#items[this.#start + before] = item;
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
