import { type Co, Notify, now } from "../../runtime/mod.ts";
import type { ClientId } from "./client_id.ts";
import { Gate, type GateLimits } from "./gate.ts";

/** Somebody who was let in. */
interface Visitor {
  readonly address: string;
  /** The thread that serves them. */
  readonly seat: number;
  hasSpoken: boolean;
}

/** What the gate says to somebody who comes. */
export type Admission = { readonly id: ClientId } | { readonly refusal: string };

/** Everybody who is connected, on whichever thread, and the gate that they came through. */
export class Visitors {
  readonly #gate: Gate;
  readonly #loads: number[];
  #visitors = new Map<ClientId, Visitor>();
  #lastId = 0;
  #lastGone = new Notify();

  constructor(limits: GateLimits, seats = 1) {
    this.#gate = new Gate(limits);
    this.#loads = new Array(seats).fill(0);
  }

  get size(): number {
    return this.#visitors.size;
  }

  /** Somebody from there wants to be served at that seat. */
  enter(address: string, seat = 0): Admission {
    const refusal = this.#gate.enter(address, now());
    if (refusal !== undefined) return { refusal };
    const id = ++this.#lastId;
    this.#loads[seat]++;
    this.#visitors.set(id, { address, seat, hasSpoken: false });
    return { id };
  }

  /** The seat of somebody who is here. */
  seatOf(id: ClientId): number | undefined {
    return this.#visitors.get(id)?.seat;
  }

  /** How many are served at each seat. */
  get loads(): readonly number[] {
    return this.#loads;
  }

  /** Who is served at a seat. */
  at(seat: number): ClientId[] {
    return [...this.#visitors].flatMap(([id, visitor]) => visitor.seat === seat ? [id] : []);
  }

  /** Somebody has said something for the first time. */
  spoke(id: ClientId): void {
    const visitor = this.#visitors.get(id);
    if (visitor === undefined || visitor.hasSpoken) return;
    visitor.hasSpoken = true;
    this.#gate.spoke();
  }

  /** Somebody has gone. */
  leave(id: ClientId): void {
    const visitor = this.#visitors.get(id);
    if (visitor === undefined) return;
    this.#visitors.delete(id);
    this.#loads[visitor.seat]--;
    this.#gate.leave(visitor.address, visitor.hasSpoken);
    if (this.size === 0) this.#lastGone.notifyAll();
  }

  /** Waits until nobody is here any more. */
  *allGone(): Co<void> {
    while (this.size > 0) yield* this.#lastGone.notified();
  }
}
