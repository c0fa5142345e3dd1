/** What stands where in the memory that the threads of a pool share. */

/** What another thread needs to take part: it can be sent by message. */
export interface PoolTicket {
  readonly buffer: SharedArrayBuffer;
  readonly threads: number;
  readonly slots: number;
  readonly payload: number;
}

/** A slot's way: free → queued → running → done, or from queued to cancelled. */
export const enum SlotState {
  Free,
  Queued,
  Running,
  Done,
  Cancelled,
}

/** What a slot's payload is: on the way there the calls, on the way back their outcome. */
export const enum Payload {
  Calls,
  /** The main thread keeps it, and sends it by message to who asks. */
  Posted,
  Values,
  Failure,
  Cancelled,
}

/** How a thread rests. */
export const enum Rest {
  Awake,
  /** Blocked, until the word changes and somebody notifies. */
  Parked,
  /** In its event loop, until a message comes. */
  Listening,
}

/** Whose code a thread is in: in the pool's own it must not be ended. */
export const enum Phase {
  Own,
  User,
  Doomed,
}

/** The words of a slot. */
export const enum Slot {
  State,
  Origin,
  Run,
  Payload,
  /** The seat of the thread that has taken it. */
  Taker,
  /** Whether its end is wanted. */
  Abort,
}
export const SLOT_WORDS = 8;

/** The words of a seat. */
export const enum Seat {
  Rest,
  Phase,
  Bell,
  Ran,
  Stolen,
  Parked,
  /** Of a worker: whether its thread has come as far as to work. */
  Begun,
  /** Of a guest: whether somebody has it. */
  Taken,
}
export const SEAT_WORDS = 8;

export const enum Header {
  Closing,
  /** A bit for each seat that waits for a free slot. */
  Waiting,
  Functions,
  TextEnd,
  Guests,
}
export const HEADER_WORDS = 8;

/** Where a function's key lies. It is written before any slot names it. */
export const enum Entry {
  Start,
  Length,
}
export const ENTRY_WORDS = 4;
/** How many functions a pool can be given, and how much room their keys have together. */
export const MOST_FUNCTIONS = 256;
export const TEXT_BYTES = 1 << 16;
export const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** Rings are so much larger than they must be: a place whose pop is slow holds nobody up. */
export const ROOMY = 2;

/** Seats for threads that are not the pool's own. */
export const GUESTS = 4;
/** The origin of a slot whose outcome nobody wants. */
export const NOBODY = -1;
