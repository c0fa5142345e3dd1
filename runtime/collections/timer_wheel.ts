/**
 * A hierarchical timer wheel, after Varghese and Lauck, "Hashed and Hierarchical Timing Wheels"
 * (SOSP 1987).
 *
 * Six levels of 64 slots; a slot of level n is 64ⁿ ticks wide, so the wheel spans 2³⁶ ticks (two
 * years at a millisecond each). An entry goes to the lowest level whose current lap contains its
 * tick. When the hand reaches a slot of a higher level, the entries in it are placed anew and so
 * sink towards level 0. Setting and cancelling are O(1): a slot is a circular list that runs
 * through the entries themselves, and nothing is allocated.
 *
 * An entry may be moved later without touching the lists: it stays in its old slot, and when that
 * slot comes up it is placed by its new tick, as any sinking entry is. An idle timeout that every
 * read pushes back thus costs one store per read and one placement per period.
 */

const SLOT_BITS = 6;
const SLOTS = 1 << SLOT_BITS;
const LEVELS = 6;
const NOWHERE = -1;
const DUE = LEVELS * SLOTS; // the list of what has expired and waits to be handed over
const WORD_BITS = 32;
const WORDS_PER_LEVEL = SLOTS / WORD_BITS;

/** Ticks that one slot of each level spans. */
const WIDTH = Array.from({ length: LEVELS }, (_, level) => SLOTS ** level);
const TOP_WIDTH = WIDTH[LEVELS - 1];
/** Beyond this distance an entry waits in the farthest slot and is placed anew from there. */
const FARTHEST = (SLOTS - 1) * TOP_WIDTH;

/** A place in the wheel: extend it. Only the wheel writes its fields. */
export class WheelEntry {
  /** The tick at which it expires. */
  tick = 0;
  slot = NOWHERE;
  before: WheelEntry = this;
  after: WheelEntry = this;

  /** Whether it is in the wheel. */
  get isSet(): boolean {
    return this.slot !== NOWHERE;
  }
}

/**
 * Entries ordered by tick, in O(1) per change.
 *
 * Plain data: it reads no clock and calls nobody but `expire`.
 */
export class TimerWheel<E extends WheelEntry> {
  #lists = Array.from({ length: DUE + 1 }, () => new WheelEntry());
  /** One bit per slot: whether its list has entries. */
  #occupied = new Int32Array(LEVELS * WORDS_PER_LEVEL);
  /** Every tick before this one has been dealt with. */
  #hand: number;
  #size = 0;

  constructor(start = 0) {
    this.#hand = start;
  }

  /** How many entries are set. */
  get size(): number {
    return this.#size;
  }

  /** Sets `entry` to expire at `tick`; an entry that is set already is moved. */
  set(entry: E, tick: number): void {
    if (entry.slot === NOWHERE) this.#size++;
    else if (tick >= entry.tick) return void (entry.tick = tick);
    else this.#unlink(entry);
    entry.tick = tick;
    this.#place(entry);
  }

  /** Takes `entry` out; false when it was not set. */
  cancel(entry: E): boolean {
    if (entry.slot === NOWHERE) return false;
    this.#unlink(entry);
    this.#size--;
    return true;
  }

  /**
   * Moves the hand past `tick` and hands over what has expired, earliest first; an entry that was
   * set for a tick already passed counts as set for the one the hand stood at.
   *
   * An entry is out of the wheel when `expire` sees it and may be set again there. Whatever is
   * set meanwhile waits for the next call, so that this one ends; whatever is cancelled meanwhile
   * is not handed over.
   */
  advance(tick: number, expire: (entry: E) => void): void {
    for (let list = this.#first(); list !== NOWHERE; list = this.#first()) {
      const start = this.#startOf(list);
      if (start > tick) break;
      this.#hand = start;
      this.#sink(list, start);
    }
    this.#hand = Math.max(this.#hand, tick + 1);
    this.#handOver(tick, expire);
  }

  /**
   * The tick at which `advance` next has something to do; `Infinity` when nothing is set.
   *
   * Nothing expires before it. At it an entry may merely sink or turn out to have been moved.
   */
  next(): number {
    const list = this.#first();
    return list === NOWHERE ? Infinity : this.#startOf(list);
  }

  /** Empties a list: what is due goes to the list of the due, the rest is placed anew. */
  #sink(list: number, tick: number): void {
    const head = this.#lists[list];
    for (let entry = head.after; entry !== head; entry = head.after) {
      this.#unlink(entry);
      if (entry.tick <= tick) this.#link(entry, DUE);
      else this.#place(entry);
    }
  }

  #handOver(tick: number, expire: (entry: E) => void): void {
    const head = this.#lists[DUE];
    for (let entry = head.after; entry !== head; entry = head.after) {
      this.#unlink(entry);
      if (entry.tick > tick) {
        this.#place(entry); // moved later by an entry that expired before it
      } else {
        this.#size--;
        expire(entry as E);
      }
    }
  }

  #place(entry: WheelEntry): void {
    const tick = Math.min(Math.max(entry.tick, this.#hand), this.#hand + FARTHEST);
    let level = 0;
    while (level < LEVELS - 1 && !this.#sameLap(tick, level)) level++;
    this.#link(entry, level * SLOTS + Math.floor(tick / WIDTH[level]) % SLOTS);
  }

  #sameLap(tick: number, level: number): boolean {
    const lap = WIDTH[level + 1];
    return Math.floor(tick / lap) === Math.floor(this.#hand / lap);
  }

  /** The list that comes up first; `NOWHERE` when all are empty. */
  #first(): number {
    let first = NOWHERE;
    let earliest = Infinity;
    for (let level = 0; level < LEVELS; level++) {
      const list = this.#firstOf(level);
      if (list === NOWHERE) continue;
      const start = this.#startOf(list);
      if (start < earliest) [first, earliest] = [list, start];
    }
    return first;
  }

  #firstOf(level: number): number {
    const word = level * WORDS_PER_LEVEL;
    const low = this.#occupied[word];
    const high = this.#occupied[word + 1];
    if ((low | high) === 0) return NOWHERE;
    const here = Math.floor(this.#hand / WIDTH[level]) % SLOTS;
    const slot = here < WORD_BITS
      ? firstBit(low & (-1 << here), high, low)
      : firstBit(0, high & (-1 << here), low, high);
    return level * SLOTS + slot;
  }

  #startOf(list: number): number {
    const level = list >> SLOT_BITS;
    const width = WIDTH[level];
    const here = Math.floor(this.#hand / width);
    const ahead = ((list % SLOTS) - here % SLOTS + SLOTS) % SLOTS;
    return (here + ahead) * width;
  }

  #link(entry: WheelEntry, list: number): void {
    const head = this.#lists[list];
    entry.slot = list;
    entry.before = head.before;
    entry.after = head;
    head.before.after = entry;
    head.before = entry;
    if (list !== DUE) this.#occupied[list >> 5] |= 1 << list;
  }

  #unlink(entry: WheelEntry): void {
    const list = entry.slot;
    entry.before.after = entry.after;
    entry.after.before = entry.before;
    entry.before = entry.after = entry;
    entry.slot = NOWHERE;
    const head = this.#lists[list];
    if (list !== DUE && head.after === head) this.#occupied[list >> 5] &= ~(1 << list);
  }
}

/** The first set bit of up to four words: low, high, and both once more for the next lap. */
function firstBit(...words: number[]): number {
  const word = words.findIndex((bits) => bits !== 0);
  const bits = words[word];
  return (word * WORD_BITS + WORD_BITS - 1 - Math.clz32(bits & -bits)) % SLOTS;
}
