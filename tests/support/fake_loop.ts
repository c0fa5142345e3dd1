import { type Loop, Random, Reactor } from "wakeful/runtime";
import type { Failure, Rest, Runnable } from "../../runtime/core/context.ts";
import { Context, swapContext } from "../../runtime/core/context.ts";
import { noopWaker } from "../../runtime/core/waker.ts";
import { TimerQueue } from "../../runtime/time/timer_queue.ts";
import { FakeDriver } from "./fake_driver.ts";
import { ManualClock } from "./manual_clock.ts";

/** A loop without an engine: it writes down what is asked of it, and the test does the rest. */
export class FakeLoop implements Loop {
  readonly clock = new ManualClock();
  readonly timers = new TimerQueue(this.clock);
  readonly driver = new FakeDriver();
  readonly io = new Reactor(this.driver, this.clock);
  readonly random = new Random(1);
  readonly alive = new Set<Runnable>();
  readonly queue: Runnable[] = [];
  readonly orphans: Failure[] = [];
  /** How often a task was queued, all tasks together. */
  scheduled = 0;

  adopt(task: Runnable): void {
    this.alive.add(task);
  }

  release(task: Runnable): void {
    this.alive.delete(task);
  }

  schedule(task: Runnable): void {
    if (this.queue.includes(task)) throw new Error(`${task.name} is queued twice`);
    this.scheduled++;
    this.queue.push(task);
  }

  closed = false;
  readonly rests: Rest[] = [];

  cleanUp(rest: Rest): void {
    this.rests.push(rest);
  }

  orphan(failure: Failure): void {
    this.orphans.push(failure);
  }

  /** The errors that nobody has asked for. */
  get unclaimed(): unknown[] {
    return this.orphans.filter((failure) => !failure.claimed).map((failure) => failure.error);
  }

  /** Runs the task at the head of the queue. */
  runOne(): void {
    this.queue.shift()?.run();
  }

  /** Runs tasks until none is queued. */
  runAll(): void {
    while (this.queue.length > 0) this.runOne();
  }

  /** Moves time, fires what is due, runs what that woke. */
  advance(milliseconds: number): void {
    this.clock.time += milliseconds;
    this.timers.turn();
    this.runAll();
  }

  /** Calls `make` as a task would, for what needs a current context. */
  inside<T>(make: () => T): T {
    const outer = swapContext(new Context(noopWaker(), this));
    try {
      return make();
    } finally {
      swapContext(outer);
    }
  }
}
