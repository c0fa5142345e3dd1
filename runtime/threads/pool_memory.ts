import { SharedMemory } from "./memory.ts";
import { Packer } from "./pack.ts";
import {
  Entry,
  ENTRY_WORDS,
  GUESTS,
  Header,
  HEADER_WORDS,
  MOST_FUNCTIONS,
  NOBODY,
  type Payload,
  type PoolTicket,
  Rest,
  ROOMY,
  Seat,
  SEAT_WORDS,
  Slot,
  SLOT_WORDS,
  SlotState,
  TEXT_BYTES,
  WORD_BYTES,
} from "./pool_layout.ts";
import { SharedRing } from "./shared_ring.ts";
import { EMPTY, StealDeque } from "./steal_deque.ts";
import { Unpacker } from "./unpack.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The memory that all threads of a pool share: slots for tasks, the queues they stand in, and a
 * seat for each thread.
 *
 * A task is a slot: its state, its function's number, and room for its arguments, in which its
 * outcome comes back. In the queues stand the numbers of slots. The workers have the first seats,
 * then comes the thread that made the pool, then guests.
 */
export class PoolMemory {
  readonly shared: SharedMemory;
  readonly free: SharedRing;
  readonly injector: SharedRing;
  readonly deques: readonly StealDeque[];
  readonly outcomes: readonly SharedRing[];
  readonly packer: Packer;
  readonly unpacker: Unpacker;
  #bytes: Uint8Array;
  #seats: number;
  #slots: number;
  #entries: number;
  #payloads: number;
  #texts: number;

  constructor(readonly ticket: PoolTicket) {
    const { buffer, threads, slots, payload } = ticket;
    this.shared = new SharedMemory(buffer);
    const seats = threads + 1 + GUESTS;
    let at = HEADER_WORDS;
    const take = (words: number) => (at += words) - words;
    this.#seats = take(seats * SEAT_WORDS);
    this.#slots = take(slots * SLOT_WORDS);
    this.#entries = take(MOST_FUNCTIONS * ENTRY_WORDS);
    const ring = () =>
      new SharedRing(this.shared, take(SharedRing.words(ROOMY * slots)), ROOMY * slots);
    this.free = ring();
    this.injector = ring();
    this.outcomes = Array.from({ length: seats }, ring);
    const deque = () => new StealDeque(this.shared, take(StealDeque.words(slots)), slots);
    this.deques = Array.from({ length: threads }, deque);
    this.#texts = at * WORD_BYTES;
    this.#payloads = this.#texts + TEXT_BYTES;
    this.#bytes = new Uint8Array(buffer, 0, this.#payloads + slots * payload);
    this.packer = new Packer(this.#bytes);
    this.unpacker = new Unpacker(this.#bytes);
  }

  /** Makes the memory of a new pool. `slots` is a power of two. */
  static create(threads: number, slots: number, payload: number): PoolMemory {
    const seats = threads + 1 + GUESTS;
    const words = HEADER_WORDS + seats * SEAT_WORDS + slots * SLOT_WORDS +
      MOST_FUNCTIONS * ENTRY_WORDS + (2 + seats) * SharedRing.words(ROOMY * slots) +
      threads * StealDeque.words(slots);
    const buffer = new SharedArrayBuffer(words * WORD_BYTES + TEXT_BYTES + slots * payload);
    const memory = new PoolMemory({ buffer, threads, slots, payload });
    for (let slot = 0; slot < slots; slot++) memory.free.push(slot);
    return memory;
  }

  /** Where a word of a slot lies. */
  slotWord(slot: number, word: Slot): number {
    return this.#slots + slot * SLOT_WORDS + word;
  }

  /** Where a word of a seat lies. */
  seatWord(seat: number, word: Seat): number {
    return this.#seats + seat * SEAT_WORDS + word;
  }

  slot(slot: number, word: Slot): number {
    return this.shared.load(this.slotWord(slot, word));
  }

  setSlot(slot: number, word: Slot, value: number): void {
    this.shared.store(this.slotWord(slot, word), value);
  }

  /** Moves a slot on; false when another thread was first. */
  moveSlot(slot: number, from: SlotState, to: SlotState): boolean {
    return this.shared.compareExchange(this.slotWord(slot, Slot.State), from, to) === from;
  }

  seat(seat: number, word: Seat): number {
    return this.shared.load(this.seatWord(seat, word));
  }

  setSeat(seat: number, word: Seat, value: number): void {
    this.shared.store(this.seatWord(seat, word), value);
  }

  /** Changes a word of a seat; false when it was not `from`. */
  moveSeat(seat: number, word: Seat, from: number, to: number): boolean {
    return this.shared.compareExchange(this.seatWord(seat, word), from, to) === from;
  }

  count(seat: number, word: Seat, more: number): void {
    this.shared.add(this.seatWord(seat, word), more);
  }

  /** The seat of the thread that made the pool. */
  get maker(): number {
    return this.ticket.threads;
  }

  get closing(): boolean {
    return this.shared.load(Header.Closing) !== 0;
  }

  close(): void {
    this.shared.store(Header.Closing, 1);
  }

  /** Whether threads take part that cannot send messages. */
  get hasGuests(): boolean {
    return this.shared.load(Header.Guests) !== 0;
  }

  /** So many guests more. */
  guests(more: number): void {
    this.shared.add(Header.Guests, more);
  }

  /** The thread at `seat` is gone: nobody waits for what it had handed in. */
  abandon(seat: number, giveBack: (slot: number) => void): void {
    const outcomes = this.outcomes[seat];
    for (let slot = outcomes.pop(); slot !== EMPTY; slot = outcomes.pop()) giveBack(slot);
    for (let slot = 0; slot < this.ticket.slots; slot++) {
      const word = this.slotWord(slot, Slot.Origin);
      if (this.slot(slot, Slot.State) === SlotState.Free) continue;
      this.shared.compareExchange(word, seat, NOBODY);
    }
  }

  /** Writes a slot's payload; false when it has to go by message. */
  write(slot: number, kind: Payload, value: unknown): boolean {
    const { payload } = this.ticket;
    if (this.packer.pack(value, this.#payloads + slot * payload, payload) < 0) return false;
    this.setSlot(slot, Slot.Payload, kind);
    return true;
  }

  read(slot: number): unknown {
    return this.unpacker.unpack(this.#payloads + slot * this.ticket.payload);
  }

  /** Asks to be told when a slot becomes free. */
  awaitFree(seat: number): void {
    let bits = this.shared.load(Header.Waiting);
    for (;;) {
      const before = this.shared.compareExchange(Header.Waiting, bits, bits | (1 << seat));
      if (before === bits) return;
      bits = before;
    }
  }

  /** Gives a slot back; answers the seats that wait for one, as bits. */
  release(slot: number): number {
    this.setSlot(slot, Slot.State, SlotState.Free);
    this.free.push(slot);
    return this.shared.load(Header.Waiting) === 0 ? 0 : this.shared.exchange(Header.Waiting, 0);
  }

  /**
   * Ends the rest of a worker or guest; false when it was awake.
   *
   * @param message wakes a thread that rests in its event loop
   */
  wake(seat: number, message: (seat: number) => void): boolean {
    if (this.moveSeat(seat, Seat.Rest, Rest.Parked, Rest.Awake)) {
      this.shared.notify(this.seatWord(seat, Seat.Rest));
      return true;
    }
    if (!this.moveSeat(seat, Seat.Rest, Rest.Listening, Rest.Awake)) return false;
    message(seat);
    return true;
  }

  /** Makes a function's key known to all threads and answers its number; -1 when there is no room. */
  addFunction(key: string): number {
    const text = encoder.encode(key);
    const start = this.shared.add(Header.TextEnd, text.length);
    const index = this.shared.add(Header.Functions, 1);
    if (start + text.length > TEXT_BYTES || index >= MOST_FUNCTIONS) return -1;
    this.#bytes.set(text, this.#texts + start);
    const entry = this.#entries + index * ENTRY_WORDS;
    this.shared.store(entry + Entry.Start, start);
    this.shared.store(entry + Entry.Length, text.length);
    return index;
  }

  functionKey(index: number): string {
    const entry = this.#entries + index * ENTRY_WORDS;
    const start = this.#texts + this.shared.load(entry + Entry.Start);
    return decoder.decode(
      this.#bytes.slice(start, start + this.shared.load(entry + Entry.Length)),
    );
  }
}
