/**
 * The few atomic steps that the algorithms between threads are made of.
 *
 * They are written over this interface, not over `Atomics`, so that a test can run the very same
 * code on a memory that counts every step and tries all orders of them.
 */
export interface Memory {
  load(at: number): number;
  store(at: number, value: number): void;
  /** Adds, and answers what was there before. */
  add(at: number, value: number): number;
  /** Puts `value` there, and answers what was there before. */
  exchange(at: number, value: number): number;
  /** Puts `value` there if `expected` is; answers what was there before. */
  compareExchange(at: number, expected: number, value: number): number;
  /** Blocks as long as `expected` is there and nobody notifies, for at most `limit` milliseconds. */
  wait(at: number, expected: number, limit: number): void;
  /** Ends the wait of one thread. */
  notify(at: number): void;
}

/** Memory that threads share: each step is sequentially consistent. */
export class SharedMemory implements Memory {
  readonly words: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
  }

  load(at: number): number {
    return Atomics.load(this.words, at);
  }

  store(at: number, value: number): void {
    Atomics.store(this.words, at, value);
  }

  add(at: number, value: number): number {
    return Atomics.add(this.words, at, value);
  }

  exchange(at: number, value: number): number {
    return Atomics.exchange(this.words, at, value);
  }

  compareExchange(at: number, expected: number, value: number): number {
    return Atomics.compareExchange(this.words, at, expected, value);
  }

  wait(at: number, expected: number, limit: number): void {
    Atomics.wait(this.words, at, expected, limit);
  }

  notify(at: number): void {
    Atomics.notify(this.words, at, 1);
  }
}
