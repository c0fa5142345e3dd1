import { Closed, Misuse, NotPortable } from "../core/errors.ts";
import { noopWaker } from "../core/waker.ts";
import { Context, type Loop } from "../core/context.ts";
import { Pending } from "../core/poll.ts";
import type { Transfer } from "./crossing.ts";
import { PoolMemory } from "./pool_memory.ts";
import { GUESTS, NOBODY, type PoolTicket, Rest, Seat } from "./pool_layout.ts";
import type { Portable } from "./portable.ts";
import { Submitter } from "./submitter.ts";

/** How often a guest that waits looks whether the pool still lives, in milliseconds. */
const LOOK_MS = 250;

/**
 * A runtime's threads, used from a thread that has no runtime: a plain Worker.
 *
 * The ticket comes from `handle.remote()` on the runtime's own thread and can be posted. It stands
 * for the runtime's pool, not for its event loop: what can be asked for is portable tasks, whose
 * arguments and results are plain and fit into a slot of the pool. The thread that asks is blocked
 * until the answer comes, as everything on such a thread blocks. Four threads can hold a ticket at
 * once.
 *
 * Closing the runtime ends the waits with `Closed`.
 *
 * @example In the Worker; here the same thread plays both
 * ```ts
 * import { portable, RemoteHandle, Runtime } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const module = "data:text/javascript,export const half = (n) => n / 2;";
 * const { half }: { half(n: number): number } = await import(module);
 *
 * await using runtime = Runtime.builder().blockingPool({ threads: 1 }).build();
 * await runtime.spawnBlocking(portable(module, half), [2]);
 * using remote = new RemoteHandle(runtime.handle().remote()); // came by postMessage
 * assertEquals(remote.call(portable(module, half), 42), 21);
 * ```
 */
export class RemoteHandle {
  #memory: PoolMemory;
  #seat: number;
  #submitter: Submitter;

  /** @throws {Misuse} when four others have a ticket in use */
  constructor(ticket: PoolTicket) {
    const memory = this.#memory = new PoolMemory(ticket);
    this.#seat = takeSeat(memory);
    memory.guests(1);
    this.#submitter = new Submitter(memory, this.#seat, {
      enqueue: (slot) => {
        while (!memory.injector.push(slot));
      },
      // Workers in their event loop look from time to time while there are guests.
      ring: (seat) => seat === memory.maker && memory.awaitFree(seat),
      keep: () => {
        const why = `a guest's have to fit into ${ticket.payload} bytes, and to be plain`;
        throw new NotPortable("the arguments", why);
      },
      abort() {},
      busy() {},
    });
  }

  /**
   * Runs a task on the runtime's threads and blocks this one until its answer is there.
   *
   * @throws whatever the task throws
   * @throws {NotPortable} when arguments or result are too large, or cannot cross
   * @throws {Closed} when the runtime has ended
   */
  call<A extends unknown[], T>(
    task: Portable<A, T>,
    ...args: [...args: A] | [...args: A, last: Transfer]
  ): T {
    const running = this.#submitter.run(task, args);
    const cx = new Context(noopWaker(), {} as Loop);
    for (;;) {
      this.#submitter.collect();
      const polled = running.poll(cx);
      if (polled !== Pending) return polled;
      if (this.#memory.closing) throw new Closed("the runtime");
      this.#rest();
    }
  }

  /** Gives the ticket back; tasks that run go on, and nobody asks for their outcome. */
  close(): void {
    if (this.#seat === NOBODY) return;
    this.#memory.abandon(this.#seat, (slot) => this.#submitter.giveBack(slot));
    this.#memory.guests(-1);
    this.#memory.setSeat(this.#seat, Seat.Taken, 0);
    this.#submitter.close();
    this.#seat = NOBODY;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #rest(): void {
    const memory = this.#memory;
    memory.setSeat(this.#seat, Seat.Rest, Rest.Parked);
    if (memory.outcomes[this.#seat].length === 0 && !memory.closing) {
      memory.shared.wait(memory.seatWord(this.#seat, Seat.Rest), Rest.Parked, LOOK_MS);
    }
    memory.setSeat(this.#seat, Seat.Rest, Rest.Awake);
  }
}

function takeSeat(memory: PoolMemory): number {
  for (let seat = memory.maker + 1; seat <= memory.maker + GUESTS; seat++) {
    if (memory.moveSeat(seat, Seat.Taken, 0, 1)) return seat;
  }
  throw new Misuse(`Cannot use a ticket on more than ${GUESTS} threads: close another one first`);
}
