/** As many as Linux lets a process have, unless it was told otherwise. */
const MOST_DESCRIPTORS = 2 ** 20;
const NOBODY = 0;

/**
 * Which thread has which descriptor, in memory that they share.
 *
 * Descriptors belong to the process, so they do not go with a thread that dies. A thread strikes
 * its descriptor out just before it closes it: after that the number may come up again at once, and
 * be handed to another. So what stands here under a thread that is no more is really open.
 */
export class DescriptorLedger {
  readonly #owners: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#owners = new Int32Array(memory);
  }

  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(MOST_DESCRIPTORS * Int32Array.BYTES_PER_ELEMENT);
  }

  /** The thread at `seat` has it from now on. */
  enter(descriptor: number, seat: number): void {
    Atomics.store(this.#owners, descriptor, seat + 1);
  }

  /** It is about to be closed. */
  strike(descriptor: number): void {
    Atomics.store(this.#owners, descriptor, NOBODY);
  }

  /** Takes from the ledger all that the thread at `seat` has. */
  takeAll(seat: number): number[] {
    const descriptors: number[] = [];
    for (let at = 0; at < this.#owners.length; at++) {
      if (Atomics.load(this.#owners, at) !== seat + 1) continue;
      this.strike(at);
      descriptors.push(at);
    }
    return descriptors;
  }
}
