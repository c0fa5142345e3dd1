import type { Loop } from "../core/context.ts";
import { Cancelled } from "../core/errors.ts";
import type { Co, Future } from "../core/future.ts";
import { fromPromise } from "../interop/promise.ts";
import type { JoinHandle } from "../task/join_handle.ts";
import { spawnOn } from "../task/spawn.ts";
import { yieldNow } from "../task/yield_now.ts";
import { race } from "../combine/race.ts";
import { sleep } from "../time/sleep.ts";
import { Notify } from "../sync/notify.ts";
import { askAborted, enterPool } from "./current_pool.ts";
import { answered, waits } from "./answered.ts";
import { Outcomes } from "./outcomes.ts";
import type { PoolMessage } from "./messages.ts";
import type { PoolMemory } from "./pool_memory.ts";
import { Payload, Phase, Rest, Seat, Slot, SlotState } from "./pool_layout.ts";
import { importPortable } from "./portable.ts";
import { EMPTY } from "./steal_deque.ts";
import { type Call, Submitter } from "./submitter.ts";

type Run = (...args: unknown[]) => unknown;
type Send = (message: PoolMessage, items?: readonly Transferable[]) => void;

/** How much a worker takes from the injector at once, so that others have something to steal. */
const LARGEST_DRAW = 32;
/** Guests cannot send messages, so while there are any, a worker in its event loop looks itself. */
const GUEST_LOOK_MS = 2;

/** A worker of a pool: finds tasks, runs them, rests. */
export class PoolWorker {
  readonly submitter: Submitter;
  #memory: PoolMemory;
  #seat: number;
  #send: Send;
  #outcomes: Outcomes;
  #loop: Loop;
  #runs: (Run | undefined)[] = [];
  #bell = new Notify();
  /** Tasks that wait in this thread's event loop. */
  #alive = new Map<number, JoinHandle<unknown>>();
  /** The slot whose calls this thread has asked for. */
  #asked = EMPTY;

  constructor(memory: PoolMemory, seat: number, loop: Loop, send: Send) {
    this.#memory = memory;
    this.#seat = seat;
    this.#send = send;
    this.#loop = loop;
    this.submitter = new Submitter(memory, seat, {
      enqueue: (slot) => void memory.deques[seat].push(slot),
      ring: (sleeper) => send({ kind: "ring", seat: sleeper }),
      keep: (slot, calls, items) => send({ kind: "calls", slot, calls, items }, items),
      abort: (slot, reason) => send({ kind: "abort", slot, reason }),
      busy() {},
    });
    const giveBack = (slot: number) => this.submitter.giveBack(slot);
    this.#outcomes = new Outcomes(memory, seat, send, giveBack);
    memory.setSeat(seat, Seat.Begun, 1);
    enterPool({
      run: (task, ...args) => this.submitter.run(task, args),
      runAll: (task, calls) => this.submitter.runAll(task, calls),
    });
  }

  /** What this thread does, until the pool closes. */
  *work(): Co<void> {
    for (;;) {
      this.submitter.collect();
      const slot = this.#find();
      if (slot !== EMPTY) {
        yield* this.#take(slot);
        if (this.#alive.size > 0) yield* this.#outside(yieldNow());
      } else if (this.#memory.closing && !this.#waits()) {
        return;
      } else {
        yield* this.#rest();
      }
    }
  }

  /** A message has come, in the event loop. */
  receive(message: PoolMessage): void {
    this.#inside(() => this.#handle(message));
    this.#bell.notifyOne();
  }

  #handle(message: PoolMessage): void {
    switch (message.kind) {
      case "calls":
        this.#asked = EMPTY;
        return this.#run(message.slot, message.calls);
      case "values":
        return this.submitter.end(message.slot, { value: message.values });
      case "abort":
        return this.#alive.get(message.slot)?.abort(message.reason);
    }
  }

  /** Own queue, then everybody's, then half of another's. */
  #find(): number {
    const { deques, injector } = this.#memory;
    const own = deques[this.#seat];
    const slot = own.pop();
    if (slot !== EMPTY) return slot;
    const drawn = injector.pop();
    if (drawn !== EMPTY) {
      const share = Math.floor(injector.length / deques.length);
      for (let left = Math.min(share, LARGEST_DRAW); left > 0; left--) {
        const more = injector.pop();
        if (more === EMPTY) break;
        own.push(more);
      }
      return drawn;
    }
    return this.#steal();
  }

  #steal(): number {
    const { deques } = this.#memory;
    const start = this.#loop.random.below(deques.length);
    for (let i = 0; i < deques.length; i++) {
      const victim = (start + i) % deques.length;
      if (victim === this.#seat) continue;
      const slot = deques[victim].stealHalfInto(deques[this.#seat]);
      if (slot === EMPTY) continue;
      this.#memory.count(this.#seat, Seat.Stolen, 1 + deques[this.#seat].length);
      return slot;
    }
    return EMPTY;
  }

  *#take(slot: number): Co<void> {
    const memory = this.#memory;
    memory.setSlot(slot, Slot.Taker, this.#seat);
    if (!memory.moveSlot(slot, SlotState.Queued, SlotState.Running)) {
      memory.setSlot(slot, Slot.Payload, Payload.Cancelled);
      return this.#outcomes.deliver(slot);
    }
    const index = memory.slot(slot, Slot.Run);
    if (this.#runs[index] === undefined) {
      const key = memory.functionKey(index);
      try {
        this.#runs[index] = yield* this.#outside(fromPromise(importPortable(key)));
      } catch (error) {
        return this.#outcomes.fail(slot, error);
      }
    }
    if (memory.slot(slot, Slot.Payload) !== Payload.Posted) {
      return this.#run(slot, memory.read(slot) as Call[]);
    }
    // One at a time: what it took besides would be stuck here, should this one block the thread.
    this.#asked = slot;
    this.#send({ kind: "ask", slot, seat: this.#seat });
    while (this.#asked === slot) yield* this.#outside(this.#bell.notified());
  }

  /** Runs a slot's calls one after the other, as far as they are plain; the rest as a task. */
  #run(slot: number, calls: readonly Call[]): void {
    const run = this.#runs[this.#memory.slot(slot, Slot.Run)]!;
    const values: unknown[] = new Array(calls.length);
    this.#leave();
    askAborted(() => this.#memory.slot(slot, Slot.Abort) !== 0);
    let done = 0;
    let failure: { error: unknown } | undefined;
    try {
      for (; done < calls.length; done++) {
        values[done] = run(...calls[done]);
        if (waits(values[done])) break;
      }
    } catch (error) {
      failure = { error };
    }
    askAborted(undefined);
    this.#enter();
    if (failure !== undefined) this.#outcomes.fail(slot, failure.error);
    else if (done < calls.length) this.#goOn(slot, run, calls, values, done);
    else this.#outcomes.succeed(slot, values);
  }

  /** The first call that waits has answered what to wait for; it and the rest become a task. */
  #goOn(slot: number, run: Run, calls: readonly Call[], values: unknown[], at: number): void {
    const body = function* (): Co<unknown[]> {
      values[at] = yield* answered(values[at]);
      for (let i = at + 1; i < calls.length; i++) values[i] = yield* answered(run(...calls[i]));
      return values;
    };
    const onEnd: Parameters<typeof spawnOn>[2] = {
      name: `pool-${slot}`,
      onEnd: (ended) => {
        this.#inside(() => {
          this.#alive.delete(slot);
          if (ended.how === "value") this.#outcomes.succeed(slot, ended.value as unknown[]);
          else if (ended.how === "error") this.#outcomes.fail(slot, ended.error);
          else this.#outcomes.fail(slot, new Cancelled(ended.reason));
        });
        this.#bell.notifyOne();
      },
    };
    this.#alive.set(slot, spawnOn<unknown>(this.#loop, body, onEnd));
  }

  /**
   * Rests until there is something to do. Whoever queues a task afterwards sees that this thread
   * rests; what was queued before is seen by the look at the queues: the order is the same for all.
   */
  *#rest(): Co<void> {
    const memory = this.#memory;
    const seat = this.#seat;
    const way = this.#waits() ? Rest.Listening : Rest.Parked;
    memory.setSeat(seat, Seat.Rest, way);
    if (this.#hasWork()) {
      memory.setSeat(seat, Seat.Rest, Rest.Awake);
      return;
    }
    memory.count(seat, Seat.Parked, 1);
    if (way === Rest.Listening) {
      const bell = this.#bell.notified();
      yield* this.#outside(memory.hasGuests ? race(bell, sleep(GUEST_LOOK_MS)) : bell);
      memory.setSeat(seat, Seat.Rest, Rest.Awake);
      return;
    }
    const word = memory.seatWord(seat, Seat.Rest);
    this.#leave();
    while (memory.seat(seat, Seat.Rest) === Rest.Parked) {
      memory.shared.wait(word, Rest.Parked, Infinity);
    }
    this.#enter();
  }

  /** Whether something comes by way of this thread's event loop, which then must not be blocked. */
  #waits(): boolean {
    return this.#alive.size > 0 || this.submitter.underWay > 0;
  }

  #hasWork(): boolean {
    const { deques, injector, outcomes, closing } = this.#memory;
    if (injector.length > 0 || outcomes[this.#seat].length > 0) return true;
    if (closing && !this.#waits()) return true;
    return deques.some((deque) => deque.length > 0);
  }

  /** Waits for `future`; meanwhile this thread may be ended. */
  *#outside<T>(future: Future<T>): Co<T> {
    this.#leave();
    try {
      return yield* future;
    } finally {
      this.#enter();
    }
  }

  /** Does something of the pool's own in a callback. */
  #inside(act: () => void): void {
    const own = this.#memory.seat(this.#seat, Seat.Phase) === Phase.Own;
    if (!own) this.#enter();
    act();
    if (!own) this.#leave();
  }

  /** From here on this thread may be ended: it holds nothing of the pool's. */
  #leave(): void {
    this.#memory.setSeat(this.#seat, Seat.Phase, Phase.User);
  }

  /** Back in the pool's own code; one that is being ended stops here. */
  #enter(): void {
    const memory = this.#memory;
    if (memory.moveSeat(this.#seat, Seat.Phase, Phase.User, Phase.Own)) return;
    const word = memory.seatWord(this.#seat, Seat.Phase);
    for (;;) memory.shared.wait(word, Phase.Doomed, Infinity);
  }
}
