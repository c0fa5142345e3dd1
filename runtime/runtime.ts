import { Random } from "./collections/random.ts";
import { insideTask } from "./core/context.ts";
import { BlockedInsideTask } from "./core/errors.ts";
import { EventLoop, type OrphanReporter } from "./engine/event_loop.ts";
import { Executor } from "./engine/executor.ts";
import { ShuffledQueue } from "./engine/run_queue.ts";
import { both, type TaskEndHook, type TaskStartHook } from "./engine/hooks.ts";
import { type TracedHooks, tracedHooks } from "./engine/traced.ts";
import { freshSeed } from "./os/entropy.ts";
import { denoDriver } from "./reactor/deno/driver.ts";
import type { Driver } from "./reactor/driver.ts";
import { Reactor } from "./reactor/reactor.ts";
import type { Spawnable } from "./task/coroutine.ts";
import type { JoinHandle } from "./task/join_handle.ts";
import { spawnOn } from "./task/spawn.ts";
import type { SpawnOptions } from "./task/task.ts";
import type { Transfer } from "./threads/crossing.ts";
import type { PoolTicket } from "./threads/pool_layout.ts";
import type { PoolTask } from "./threads/pool_task.ts";
import type { Portable } from "./threads/portable.ts";
import {
  blockingPoolOf,
  type BlockingPoolOptions,
  endBlockingPool,
  provideBlockingPool,
} from "./threads/spawn_blocking.ts";
import { type Clock, realClock } from "./time/clock.ts";
import { PausableClock } from "./time/paused_clock.ts";
import { TimerQueue } from "./time/timer_queue.ts";
import { Logger } from "./trace/logger.ts";
import type { Tracer } from "./trace/tracer.ts";

/** As whom the runtime speaks to its tracer. */
const MODULE = "runtime";

/**
 * How long a poll may last before a traced runtime warns of it, in milliseconds. A quarter of a
 * second is when people notice; half of it would also name every pause of a busy machine.
 */
const SLOW_POLL_MS = 250;

/** Errors that nobody asked for go to stderr, once each, under the task's name. */
const reportOnStderr: OrphanReporter = (task, error) => {
  console.error(`wakeful: task ${task} failed, and nobody has asked for its outcome:`, error);
};

/** Puts a runtime together: which driver, which parts, who is told of what. */
export class RuntimeBuilder {
  #driver: () => Driver = denoDriver;
  #clock: Clock = realClock;
  #io = false;
  #time = false;
  #paused = false;
  #shuffled = false;
  #seed: number | undefined;
  #threadName = "wakeful";
  #onTaskStart: TaskStartHook | undefined;
  #onTaskEnd: TaskEndHook | undefined;
  #traced: TracedHooks = {};
  #onUnjoinedError = reportOnStderr;
  #blocking: BlockingPoolOptions = {};

  /** The driver beneath the reactor, made anew for this runtime; Deno's own sockets by default. */
  driver(make: () => Driver): this {
    this.#driver = make;
    return this;
  }

  /** Where time comes from; the platform's monotonic clock by default. */
  clock(clock: Clock): this {
    this.#clock = clock;
    return this;
  }

  /**
   * Runs the tasks that are ready in an order drawn from the seed, instead of first come, first
   * served: for tests, which then see another interleaving with each seed.
   */
  shuffleTasks(): this {
    this.#shuffled = true;
    return this;
  }

  /** Begins with a clock that stands, as `pause` describes it. */
  startPaused(): this {
    this.#paused = true;
    return this.enableTime();
  }

  /** Allows sockets and signals. */
  enableIo(): this {
    this.#io = true;
    return this;
  }

  /** Allows sleeping and time limits. */
  enableTime(): this {
    this.#time = true;
    return this;
  }

  /** Allows both. */
  enableAll(): this {
    return this.enableIo().enableTime();
  }

  /** What all chance in this runtime follows from: a whole number; a fresh one by default. */
  seed(seed: number): this {
    this.#seed = seed;
    return this;
  }

  /** What `runtime.name` shows, for programs with several. */
  threadName(name: string): this {
    this.#threadName = name;
    return this;
  }

  /** Called as each task begins, with its name. */
  onTaskStart(hook: TaskStartHook): this {
    this.#onTaskStart = hook;
    return this;
  }

  /** Called as each task ends, with its name and how it ended. */
  onTaskEnd(hook: TaskEndHook): this {
    this.#onTaskEnd = hook;
    return this;
  }

  /**
   * Where the runtime tells what it does, under the module `runtime`: at `warn` polls that held the
   * thread longer than `slowPoll` milliseconds, at `debug` its shutdown and errors that no task has
   * asked for, at `trace` each task's beginning and end. What the tracer's layers do not want costs
   * nothing; watching for slow polls costs a look at the clock per poll.
   *
   * @example
   * ```ts
   * import { Filter, realClock, RecordingLayer, Runtime, Tracer } from "wakeful/runtime";
   * import { assertEquals } from "@std/assert";
   *
   * const [filter, recording] = [Filter.parse("runtime=trace"), new RecordingLayer()];
   * const tracer = new Tracer({ clock: realClock, filter, layers: [recording] });
   * using runtime = Runtime.builder().tracer(tracer).build();
   * await runtime.spawn(function* () {}, { name: "brief" });
   * const told = recording.events.map(({ message, fields }) => `${message}: ${fields.task}`);
   * assertEquals(told, ["task spawned: brief", "task ended: brief"]);
   * ```
   */
  tracer(tracer: Tracer, { slowPoll = SLOW_POLL_MS }: { slowPoll?: number } = {}): this {
    this.#traced = tracedHooks(new Logger(MODULE, tracer), slowPoll);
    return this;
  }

  /**
   * How many threads `spawnBlocking` has, how many tasks can stand in its queue, and how long an
   * aborted one may take to notice. Without time enabled there is no grace.
   */
  blockingPool(options: BlockingPoolOptions): this {
    this.#blocking = options;
    return this;
  }

  /** Told once of each error that no task has asked for, instead of stderr. */
  onUnjoinedError(report: OrphanReporter): this {
    this.#onUnjoinedError = report;
    return this;
  }

  build(): Runtime {
    const traced = this.#traced;
    const hooks = {
      slowPoll: traced.slowPoll,
      onTaskStart: both(traced.onTaskStart, this.#onTaskStart),
      onTaskEnd: both(traced.onTaskEnd, this.#onTaskEnd),
    };
    const random = new Random(this.#seed ?? freshSeed());
    const queue = this.#shuffled ? new ShuffledQueue(random.fork()) : undefined;
    const clock = new PausableClock(this.#clock);
    const executor = new Executor(clock, hooks, this.#onUnjoinedError, queue);
    const reactor = new Reactor(this.#driver(), this.#clock);
    const timers = this.#time ? new TimerQueue(clock) : undefined;
    if (this.#paused) timers?.pause();
    const loop = new EventLoop({
      executor,
      reactor,
      timers,
      random,
      io: this.#io ? reactor : undefined,
      reportOrphan: both(traced.onOrphan, this.#onUnjoinedError)!,
      onShutdown: traced.onShutdown,
    });
    provideBlockingPool(loop, this.#blocking, timers);
    return new Runtime(this.#threadName, { executor, reactor, timers, loop });
  }
}

interface RuntimeParts {
  readonly executor: Executor;
  readonly reactor: Reactor;
  readonly timers: TimerQueue | undefined;
  readonly loop: EventLoop;
}

/** What is alive in a runtime at this moment. */
export interface RuntimeStatistics {
  readonly tasks: number;
  readonly timers: number;
  readonly registrations: number;
}

/** A task as `Runtime.tasks` shows it. */
export interface TaskView {
  readonly name: string;
  /** The future it waits in; "nothing" when it can run. */
  readonly waitsFor: string;
}

/** A way to start tasks from outside: from plain async code, callbacks, other runtimes. */
export class Handle {
  #loop: EventLoop;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /**
   * Starts a task on the handle's runtime.
   *
   * @throws {Closed} when the runtime was shut down
   */
  spawn<T>(body: Spawnable<T>, options?: SpawnOptions<T>): JoinHandle<T> {
    return spawnOn(this.#loop, body, options);
  }

  /**
   * A ticket for another thread to make a `RemoteHandle` of: it can be posted to a Worker.
   *
   * @throws {Closed} when the runtime was shut down
   */
  remote(): PoolTicket {
    return blockingPoolOf(this.#loop).ticket();
  }
}

/**
 * An executor, a reactor and timers on one thread.
 *
 * It runs whenever there is something to run and leaves the thread to the platform in between; it
 * keeps the process alive only through the I/O and timers its tasks wait for.
 *
 * @example Two blocks of work on one runtime
 * ```ts
 * import { Runtime, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * using runtime = Runtime.builder().enableTime().build();
 * const double = function* (n: number) {
 *   yield* sleep(1);
 *   return 2 * n;
 * };
 * assertEquals(await runtime.blockOn(() => double(1)), 2);
 * assertEquals(await runtime.spawn(() => double(2)), 4);
 * assertEquals(runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
 * ```
 */
export class Runtime {
  #parts: RuntimeParts;

  constructor(readonly name: string, parts: RuntimeParts) {
    this.#parts = parts;
  }

  /** Begins a builder; what is not enabled is off. */
  static builder(): RuntimeBuilder {
    return new RuntimeBuilder();
  }

  /**
   * Runs `body` as a task and promises its outcome. Other tasks run meanwhile and may go on
   * afterwards.
   *
   * @throws {BlockedInsideTask} when called inside a task
   * @throws {Closed} when the runtime was shut down
   */
  blockOn<T>(body: Spawnable<T>): Promise<T> {
    if (insideTask()) throw new BlockedInsideTask("blockOn()");
    return this.spawn(body, { name: "main" }).then();
  }

  /** Starts a task, from inside or outside; otherwise as {@link Handle.spawn}. */
  spawn<T>(body: Spawnable<T>, options?: SpawnOptions<T>): JoinHandle<T> {
    return spawnOn(this.#parts.loop, body, options);
  }

  /**
   * Runs a portable function on one of this runtime's threads, from inside or outside a task; as
   * the function `spawnBlocking`.
   *
   * @throws {Closed} when the runtime was shut down
   */
  spawnBlocking<A extends unknown[], T>(
    task: Portable<A, T>,
    args: [...args: A] | [...args: A, last: Transfer],
  ): PoolTask<T> {
    return blockingPoolOf(this.#parts.loop).run(task, ...args);
  }

  handle(): Handle {
    return new Handle(this.#parts.loop);
  }

  statistics(): RuntimeStatistics {
    const { executor, reactor, timers } = this.#parts;
    return {
      tasks: executor.liveTasks,
      timers: timers?.size ?? 0,
      registrations: reactor.size,
    };
  }

  /** The tasks that have begun and not ended, oldest first, and what each of them waits for. */
  tasks(): TaskView[] {
    return Array.from(this.#parts.executor.tasks(), ({ name, waitsFor }) => ({ name, waitsFor }));
  }

  /**
   * Aborts every task, waits until all of them have ended, what is shielded in them included, and
   * shuts down.
   */
  async close(): Promise<void> {
    await this.#parts.loop.drain();
    await endBlockingPool(this.#parts.loop, "close");
    await this.#parts.loop.close();
  }

  /**
   * Ends every task; their cleanup runs before this returns, and what is shielded is cut short:
   * `close` waits for it. Nothing can start afterwards. Sockets are closed by whoever holds them: one that nobody closes, with `using` or by hand,
   * stays open.
   */
  shutdown(): void {
    endBlockingPool(this.#parts.loop, "shutdown");
    this.#parts.loop.close();
  }

  [Symbol.dispose](): void {
    this.shutdown();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Runs `body` on a runtime of its own, with everything enabled, and promises its outcome. Tasks
 * that are still alive when it ends are aborted, and their shielded cleanup is waited for.
 *
 * @throws whatever `body` throws
 * @throws {BlockedInsideTask} when called inside a task
 *
 * @example
 * ```ts
 * import { blockOn, sleep } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const word = await blockOn(function* () {
 *   yield* sleep(1);
 *   return "awake";
 * });
 * assertEquals(word, "awake");
 * ```
 */
export function blockOn<T>(body: Spawnable<T>): Promise<T> {
  if (insideTask()) throw new BlockedInsideTask("blockOn()");
  const runtime = Runtime.builder().enableAll().build();
  return runtime.blockOn(body).finally(() => runtime.close());
}
