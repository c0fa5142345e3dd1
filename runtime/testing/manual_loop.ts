import { Random } from "../collections/random.ts";
import {
  Context,
  type Failure,
  type Loop,
  type Rest,
  type Runnable,
  swapContext,
} from "../core/context.ts";
import { MissingDriver } from "../core/errors.ts";
import type { Io } from "../core/io.ts";
import { noopWaker } from "../core/waker.ts";
import { TimerQueue } from "../time/timer_queue.ts";

const SEED = 1;

/**
 * A loop without an engine, for polling by hand: nothing runs and no time passes unless the test
 * says so. It has timers, spawned tasks and chance, and no I/O.
 */
export class ManualLoop implements Loop {
  readonly random: Random = new Random(SEED);
  /** Time begins at 0 and moves by `advance`. */
  readonly timers: TimerQueue = new TimerQueue({ now: () => 0, wall: () => 0 });
  readonly closed: boolean = false;
  /** The tasks that have begun and not ended. */
  readonly alive: Set<Runnable> = new Set();
  /** The tasks that were woken, in their order. */
  readonly queue: Runnable[] = [];
  /** What was left behind by drops. */
  readonly rests: Rest[] = [];
  readonly orphans: Failure[] = [];

  constructor() {
    this.timers.pause();
  }

  /** @throws {MissingDriver} */
  get io(): Io {
    throw new MissingDriver("io");
  }

  adopt(task: Runnable): void {
    this.alive.add(task);
  }

  release(task: Runnable): void {
    this.alive.delete(task);
  }

  schedule(task: Runnable): void {
    this.queue.push(task);
  }

  cleanUp(rest: Rest): void {
    this.rests.push(rest);
  }

  orphan(failure: Failure): void {
    this.orphans.push(failure);
  }

  /** Runs the tasks that were woken, until none is. */
  runAll(): void {
    while (this.queue.length > 0) this.queue.shift()!.run();
  }

  /** Moves time, fires what that makes due, and runs what that woke. */
  advance(milliseconds: number): void {
    this.timers.advance(milliseconds);
    this.runAll();
  }

  /** Calls `make` as a task would, for what needs a current task, such as `sleep`. */
  inside<T>(make: () => T): T {
    const outer = swapContext(new Context(noopWaker(), this));
    try {
      return make();
    } finally {
      swapContext(outer);
    }
  }
}
