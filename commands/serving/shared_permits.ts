import { type Co, Notify } from "../../runtime/mod.ts";
import type { Permit, Permits } from "./permits.ts";

/** The first word of the memory; then come, for each seat, how many it holds and whether it waits. */
const FREE = 0;
const SEATS = 1;
const SEAT_WORDS = 2;
const HELD = 0;
const WAITS = 1;

/**
 * Permits for connections that several threads share, each of which has a seat.
 *
 * Who finds none sets a word of its seat and looks once more; who gives one back afterwards takes
 * that word back and rings, so no wake-up is lost. All who wait are rung: there are as many as
 * threads at most, and what they find they take in no particular order.
 */
export class SharedPermits implements Permits<SharedPermit> {
  readonly #words: Int32Array;
  readonly #seat: number;
  readonly #ring: (seat: number) => void;
  readonly #room = new Notify();

  /** @param ring makes the permits of another seat hear `rung` */
  constructor(memory: SharedArrayBuffer, seat: number, ring: (seat: number) => void) {
    this.#words = new Int32Array(memory);
    this.#seat = seat;
    this.#ring = ring;
  }

  /** The memory for so many permits and seats. */
  static memory(permits: number, seats: number): SharedArrayBuffer {
    const words = SEATS + SEAT_WORDS * seats;
    const memory = new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT);
    new Int32Array(memory)[FREE] = permits;
    return memory;
  }

  /** How many the thread at `seat` holds. */
  held(seat: number): number {
    return Atomics.load(this.#words, wordOf(seat, HELD));
  }

  tryAcquire(): SharedPermit | undefined {
    for (;;) {
      const free = Atomics.load(this.#words, FREE);
      if (free <= 0) return undefined;
      if (Atomics.compareExchange(this.#words, FREE, free, free - 1) !== free) continue;
      Atomics.add(this.#words, wordOf(this.#seat, HELD), 1);
      return this.taken();
    }
  }

  /**
   * Waits for a permit.
   *
   * Cancel safety: safe; a dropped wait has taken nothing.
   */
  *acquire(): Co<SharedPermit> {
    for (;;) {
      const permit = this.tryAcquire() ?? this.#tryOnceMore();
      if (permit !== undefined) return permit;
      yield* this.#room.notified();
    }
  }

  /** A permit that this seat holds already: it was handed to it. */
  taken(): SharedPermit {
    return new SharedPermit(this, this.#seat);
  }

  /** There may be room: another thread has rung. */
  rung(): void {
    this.#room.notifyAll();
  }

  /** Gives back what a thread holds that is no more. */
  releaseAll(seat: number): void {
    const held = Atomics.exchange(this.#words, wordOf(seat, HELD), 0);
    this.#free(held);
  }

  /** For its permits. */
  release(seat: number): void {
    Atomics.sub(this.#words, wordOf(seat, HELD), 1);
    this.#free(1);
  }

  /** For its permits: `to` holds now what `from` held. */
  move(from: number, to: number): void {
    Atomics.add(this.#words, wordOf(to, HELD), 1);
    Atomics.sub(this.#words, wordOf(from, HELD), 1);
  }

  #tryOnceMore(): SharedPermit | undefined {
    Atomics.store(this.#words, wordOf(this.#seat, WAITS), 1);
    return this.tryAcquire();
  }

  #free(count: number): void {
    Atomics.add(this.#words, FREE, count);
    for (
      let word = SEATS + WAITS, seat = 0;
      word < this.#words.length;
      word += SEAT_WORDS, seat++
    ) {
      if (Atomics.load(this.#words, word) === 0) continue;
      if (Atomics.exchange(this.#words, word, 0) === 0) continue;
      if (seat === this.#seat) this.rung();
      else this.#ring(seat);
    }
  }
}

/** One permit of several threads'. */
export class SharedPermit implements Permit {
  readonly #permits: SharedPermits;
  #seat: number | undefined;

  constructor(permits: SharedPermits, seat: number) {
    this.#permits = permits;
    this.#seat = seat;
  }

  release(): void {
    if (this.#seat !== undefined) this.#permits.release(this.#seat);
    this.#seat = undefined;
  }

  /** The thread at `seat` has it now, and makes its own object of it. */
  handTo(seat: number): void {
    if (this.#seat !== undefined) this.#permits.move(this.#seat, seat);
    this.#seat = undefined;
  }
}

function wordOf(seat: number, word: number): number {
  return SEATS + SEAT_WORDS * seat + word;
}
