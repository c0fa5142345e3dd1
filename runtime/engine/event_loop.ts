import type { Random } from "../collections/random.ts";
import type { Failure, Loop, Outcome, Rest, Runnable, Timers } from "../core/context.ts";
import { Closed, MissingDriver } from "../core/errors.ts";
import type { Io } from "../core/io.ts";
import type { Reactor } from "../reactor/reactor.ts";
import { Task } from "../task/task.ts";
import { Rests } from "../task/unwinding.ts";
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
  /** Told how many tasks are alive when the end begins. */
  readonly onShutdown?: (tasks: number) => void;
}

const SHUT_DOWN = "the runtime was shut down";

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
  /** The tasks that a drain waits for, and what it does then. */
  #leaving: Set<Runnable> | undefined;
  #drained = () => {};
  #draining: Promise<void> | undefined;
  #driverEnds: void | Promise<void> = undefined;

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

  release(task: Runnable, outcome: Outcome): void {
    this.#parts.executor.release(task, outcome);
    if (this.#leaving?.delete(task) && this.#leaving.size === 0) this.#drained();
  }

  schedule(task: Runnable): void {
    this.#parts.executor.schedule(task);
    if (!this.#turning) this.#parts.reactor.unpark();
  }

  get closed(): boolean {
    return this.#closed;
  }

  cleanUp(rest: Rest): void {
    const task = new Task(new Rests([rest]), this, { name: "cleanup" });
    this.#leaving?.add(task);
  }

  orphan(failure: Failure): void {
    this.#fresh.push(failure);
    if (!this.#turning) this.#parts.reactor.unpark();
  }

  /**
   * Aborts every task, and promises that they have ended, what is shielded in them included. A
   * task that cleanup starts beside itself is not waited for.
   */
  drain(): Promise<void> {
    return this.#draining ??= this.#drain();
  }

  #drain(): Promise<void> {
    this.#tellShutdown();
    const leaving = this.#leaving = this.#parts.executor.tasks();
    return new Promise((resolve) => {
      this.#drained = resolve;
      for (const task of leaving) task.abort(SHUT_DOWN);
      if (leaving.size === 0) resolve();
    });
  }

  /**
   * Ends every task at once and gives the driver back, which may take it a moment. Nothing can be
   * spawned afterwards.
   */
  close(): void | Promise<void> {
    if (this.#closed) return this.#driverEnds;
    if (this.#leaving === undefined) this.#tellShutdown();
    this.#parts.executor.killAll(SHUT_DOWN);
    this.#closed = true;
    this.#reportOrphans();
    this.#reportOrphans();
    return this.#driverEnds = this.#parts.reactor.close();
  }

  #tellShutdown(): void {
    this.#parts.onShutdown?.(this.#parts.executor.liveTasks);
  }

  #turn = (): void => {
    if (this.#closed) return;
    this.#turning = true;
    try {
      const { timers, executor } = this.#parts;
      timers?.turn();
      executor.runSlice(timers?.now);
      if (this.#orphans.length + this.#fresh.length > 0) this.#reportOrphans();
    } finally { // a hook or a reporter that throws must not stop the loop
      this.#turning = false;
      if (!this.#closed) this.#park();
    }
  };

  /** Every task waits and the clock stands: unless the platform has woken one, time moves. */
  #jump = (): void => {
    const { executor, timers } = this.#parts;
    if (executor.queued === 0 && timers!.size > 0) timers!.jump();
    this.#turn();
  };

  #park(): void {
    const { executor, reactor, timers } = this.#parts;
    if (executor.queued > 0) return reactor.yield(this.#turn);
    if (timers?.paused && timers.size > 0) return reactor.yield(this.#jump);
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
