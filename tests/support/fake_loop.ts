import { Reactor } from "wakeful/runtime";
import { ManualLoop } from "wakeful/testing";
import type { Runnable } from "../../runtime/core/context.ts";
import { TimerQueue } from "../../runtime/time/timer_queue.ts";
import { FakeDriver } from "./fake_driver.ts";
import { ManualClock } from "./manual_clock.ts";

/** A manual loop with I/O and a clock of its own, that is strict and writes down more. */
export class FakeLoop extends ManualLoop {
  readonly clock = new ManualClock();
  override readonly timers = new TimerQueue(this.clock);
  readonly driver = new FakeDriver();
  override closed = false;
  /** How often a task was queued, all tasks together. */
  scheduled = 0;
  readonly #reactor = new Reactor(this.driver, this.clock);

  override get io(): Reactor {
    return this.#reactor;
  }

  override schedule(task: Runnable): void {
    if (this.queue.includes(task)) throw new Error(`${task.name} is queued twice`);
    this.scheduled++;
    super.schedule(task);
  }

  /** The errors that nobody has asked for. */
  get unclaimed(): unknown[] {
    return this.orphans.filter((failure) => !failure.claimed).map((failure) => failure.error);
  }

  /** Runs the task at the head of the queue. */
  runOne(): void {
    this.queue.shift()?.run();
  }

  /** Moves time, fires what is due, runs what that woke. */
  override advance(milliseconds: number): void {
    this.clock.time += milliseconds;
    this.timers.turn();
    this.runAll();
  }
}
