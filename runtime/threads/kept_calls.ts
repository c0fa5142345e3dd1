import type { PoolMessage } from "./messages.ts";

/** Calls that have no room in shared memory. */
export type Calls = PoolMessage & { readonly kind: "calls" };

/** Calls that go by message: they are kept until the worker that has taken their slot asks. */
export class KeptCalls {
  #kept = new Map<number, Calls>();
  /** Seats that have asked before the calls came, by the slot they ask for. */
  #asked = new Map<number, number>();
  #send: (seat: number, calls: Calls) => void;

  constructor(send: (seat: number, calls: Calls) => void) {
    this.#send = send;
  }

  keep(calls: Calls): void {
    this.#kept.set(calls.slot, calls);
    const seat = this.#asked.get(calls.slot);
    if (seat !== undefined) this.ask(calls.slot, seat);
  }

  ask(slot: number, seat: number): void {
    const calls = this.#kept.get(slot);
    if (calls === undefined) {
      this.#asked.set(slot, seat);
      return;
    }
    this.#kept.delete(slot);
    this.#asked.delete(slot);
    this.#send(seat, calls);
  }
}
