import { NotPortable } from "../core/errors.ts";
import { cloneFor } from "./crossing.ts";
import { describeFailure } from "./failure.ts";
import type { PoolMessage } from "./messages.ts";
import { NOBODY, Payload, Seat, Slot, SlotState } from "./pool_layout.ts";
import type { PoolMemory } from "./pool_memory.ts";

/** An error that fits with no more text than this comes without what else it carries. */
const ROOM_WITHOUT_DATA = 64;

/** How a worker hands outcomes back to where their tasks came from. */
export class Outcomes {
  #memory: PoolMemory;
  #seat: number;
  #send: (message: PoolMessage) => void;
  #giveBack: (slot: number) => void;

  constructor(
    memory: PoolMemory,
    seat: number,
    send: (message: PoolMessage) => void,
    giveBack: (slot: number) => void,
  ) {
    this.#memory = memory;
    this.#seat = seat;
    this.#send = send;
    this.#giveBack = giveBack;
  }

  succeed(slot: number, values: unknown[]): void {
    this.#memory.count(this.#seat, Seat.Ran, values.length);
    if (this.#memory.write(slot, Payload.Values, values)) return this.deliver(slot);
    const origin = this.#memory.slot(slot, Slot.Origin);
    if (origin > this.#memory.maker) {
      const why = `its ${this.#memory.ticket.payload} bytes are all that a guest can be answered`;
      return this.fail(slot, new NotPortable("the result", why));
    }
    try {
      const copies = values.map((value) => cloneFor(value, "the result").copy);
      this.#send({ kind: "values", slot, values: copies });
    } catch (error) {
      this.fail(slot, error);
    }
  }

  fail(slot: number, error: unknown): void {
    const record = describeFailure(error);
    const { payload } = this.#memory.ticket;
    for (let room = payload >> 1; room > 0; room >>= 1) {
      const data = room > ROOM_WITHOUT_DATA ? record.data : {};
      const short = { ...record, data, stack: record.stack.slice(0, room) };
      short.message = record.message.slice(0, room);
      if (this.#memory.write(slot, Payload.Failure, short)) break;
    }
    this.deliver(slot);
  }

  /** Hands a slot with its outcome back to where it came from. */
  deliver(slot: number): void {
    const memory = this.#memory;
    const origin = memory.slot(slot, Slot.Origin);
    memory.setSlot(slot, Slot.State, SlotState.Done);
    if (origin === NOBODY) return this.#giveBack(slot);
    memory.outcomes[origin].push(slot);
    if (origin === this.#seat) return;
    if (origin !== memory.maker) {
      memory.wake(origin, (sleeper) => this.#send({ kind: "ring", seat: sleeper }));
    } else if (memory.moveSeat(origin, Seat.Bell, 0, 1)) {
      this.#send({ kind: "ring", seat: origin });
    }
  }
}
