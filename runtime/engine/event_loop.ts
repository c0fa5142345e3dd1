import type { Random } from "../collections/random.ts";
import type { Failure, Loop, Runnable, Timers } from "../core/context.ts";
import { Closed, MissingDriver } from "../core/errors.ts";
import type { Io } from "../core/io.ts";
import type { Reactor } from "../reactor/reactor.ts";
import type { TimerQueue } from "../time/timer_queue.ts";
import type { Executor } from "./executor.ts";

/** Told once of each error that no task has asked for. */
export type OrphanReporter = (task: string, error: unknown) => void;

export interface EventLoopParts {
  readonly executor: Executor;
  readonly reactor: Reactor;
  readonly io: Io | undefined;
  readonly timers: TimerQueue | undefined;
  readonly random: Random;
  readonly reportOrphan: OrphanReporter;
}

/**
 * The loop that joins executor, timers and reactor.
 *
 * One turn: fire what is due, run a slice, report errors that nobody claimed, park. A turn begins
 * when an event, a deadline or a wake from outside ends the park.
 */
export class EventLoop implements Loop {
  #parts: EventLoopParts;
  /** Failures of this turn, and those of the one before. */
  #fresh: Failure[] = [];
  #orphans: Failure[] = [];
  #turning = false;
  #closed = false;

  constructor(parts: EventLoopParts) {
    this.#parts = parts;
    this.#park();
  }

  get timers(): Timers {
    const { timers } = this.#parts;
    if (timers === undefined) throw new MissingDriver("time");
    return timers;
  }

  get io(): Io {
    const { io } = this.#parts;
    if (io === undefined) throw new MissingDriver("io");
    return io;
  }

  get random(): Random {
    return this.#parts.random;
  }

  adopt(task: Runnable): void {
    if (this.#closed) throw new Closed("the runtime");
    this.#parts.executor.adopt(task);
  }

  release(task: Runnable): void {
    this.#parts.executor.release(task);
  }

  schedule(task: Runnable): void {
    this.#parts.executor.schedule(task);
    if (!this.#turning) this.#parts.reactor.unpark();
  }

  orphan(failure: Failure): void {
    this.#fresh.push(failure);
    if (!this.#turning) this.#parts.reactor.unpark();
  }

  /** Ends every task and gives the driver back. Nothing can be spawned afterwards. */
  close(): void {
    if (this.#closed) return;
    this.#parts.executor.abortAll("the runtime was shut down");
    this.#closed = true;
    this.#reportOrphans();
    this.#reportOrphans();
    this.#parts.reactor.close();
  }

  #turn = (): void => {
    if (this.#closed) return;
    this.#turning = true;
    try {
      this.#parts.timers?.turn();
      this.#parts.executor.runSlice();
      if (this.#orphans.length + this.#fresh.length > 0) this.#reportOrphans();
    } finally { // a hook or a reporter that throws must not stop the loop
      this.#turning = false;
      if (!this.#closed) this.#park();
    }
  };

  #park(): void {
    const { executor, reactor, timers } = this.#parts;
    if (executor.queued > 0) return reactor.yield(this.#turn);
    reactor.park(timers?.now ?? 0, timers?.next() ?? Infinity, this.#turn);
    if (this.#orphans.length > 0) reactor.unpark();
  }

  /**
   * Reports failures that nobody has claimed for a whole turn. `await` asks for an outcome one
   * microtask late, so those of this turn get the next one too.
   */
  #reportOrphans(): void {
    const orphans = this.#orphans;
    this.#orphans = this.#fresh;
    this.#fresh = [];
    for (const { name, error, claimed } of orphans) {
      if (!claimed) this.#parts.reportOrphan(name, error);
    }
  }
}
