import { Timer } from "../core/context.ts";
import { Phase, Seat, Slot, SlotState } from "./pool_layout.ts";
import type { PoolMemory } from "./pool_memory.ts";
import { DEFAULT_GRACE_MS, type WorkStealingPoolOptions } from "./pool_options.ts";
import type { PoolThread } from "./pool_thread.ts";

class Grace extends Timer {
  constructor(readonly fire: () => void) {
    super();
  }
}

/** Running tasks whose end is wanted: they are told, and when their grace is over, their thread ends. */
export class Aborts {
  #memory: PoolMemory;
  #options: WorkStealingPoolOptions;
  #threadAt: (seat: number) => PoolThread | undefined;
  #reasons = new Map<number, string>();
  #graces = new Map<number, Grace>();

  constructor(
    memory: PoolMemory,
    options: WorkStealingPoolOptions,
    threadAt: (seat: number) => PoolThread | undefined,
  ) {
    this.#memory = memory;
    this.#options = options;
    this.#threadAt = threadAt;
  }

  /** A coroutine is told, plain code gets the grace. */
  want(slot: number, reason: string): void {
    this.#reasons.set(slot, reason);
    const seat = this.#memory.slot(slot, Slot.Taker);
    this.#threadAt(seat)?.send({ kind: "abort", slot, reason });
    const { timers, grace = DEFAULT_GRACE_MS } = this.#options;
    if (timers === undefined) return this.#endThread(slot, seat);
    const timer = new Grace(() => this.#endThread(slot, seat));
    this.#graces.set(slot, timer);
    timers.set(timer, timers.read() + grace);
  }

  /** Tasks that have ended need no grace any more. */
  forgetEnded(): void {
    for (const [slot, timer] of this.#graces) {
      if (this.#memory.slot(slot, Slot.State) === SlotState.Running) continue;
      this.#options.timers?.cancel(timer);
      this.#graces.delete(slot);
    }
  }

  /** Why a task was cancelled that did not heed its abort. */
  reasonFor(slot: number): string {
    const { grace = DEFAULT_GRACE_MS, timers } = this.#options;
    const after = timers === undefined ? "at once" : `${grace} ms later`;
    const reason = this.#reasons.get(slot) ?? "by its handle";
    return `${reason}; its code did not heed that, and its thread was ended ${after}`;
  }

  /**
   * Ends the thread that still runs the task. It must not be ended in the pool's own code, which
   * may hold a place in a queue; that never takes long, so the wait for it to come out is a loop.
   */
  #endThread(slot: number, seat: number): void {
    const memory = this.#memory;
    const isRunning = () =>
      memory.slot(slot, Slot.State) === SlotState.Running &&
      memory.slot(slot, Slot.Taker) === seat && memory.slot(slot, Slot.Abort) === 1;
    while (isRunning()) {
      if (!memory.moveSeat(seat, Seat.Phase, Phase.User, Phase.Doomed)) continue;
      this.#threadAt(seat)?.terminate();
      return;
    }
  }
}
