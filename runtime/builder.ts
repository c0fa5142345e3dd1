import { Random } from "./collections/random.ts";
import { defaultDriver } from "./drivers.ts";
import { EventLoop, type OrphanReporter } from "./engine/event_loop.ts";
import { Executor } from "./engine/executor.ts";
import { both, type TaskEndHook, type TaskStartHook } from "./engine/hooks.ts";
import { ShuffledQueue } from "./engine/run_queue.ts";
import { type TracedHooks, tracedHooks } from "./engine/traced.ts";
import { freshSeed } from "./os/entropy.ts";
import type { Driver } from "./reactor/driver.ts";
import { Reactor } from "./reactor/reactor.ts";
import { type BlockingPoolOptions, provideBlockingPool } from "./threads/spawn_blocking.ts";
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

/** What a runtime is made of. */
export interface RuntimeParts {
  readonly executor: Executor;
  readonly reactor: Reactor;
  readonly timers: TimerQueue | undefined;
  readonly loop: EventLoop;
}

/** Puts a runtime together: which driver, which parts, who is told of what. */
export class RuntimeBuilder<R = unknown> {
  readonly #make: (name: string, parts: RuntimeParts) => R;
  #driver: () => Driver = defaultDriver;
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

  /** For `Runtime.builder()`: `make` is what builds the runtime around its parts. */
  constructor(make: (name: string, parts: RuntimeParts) => R) {
    this.#make = make;
  }

  /**
   * The driver beneath the reactor, made anew for this runtime; by default what the environment
   * variable `WAKEFUL_DRIVER` names, `deno` or `epoll`, and without it Deno's own sockets.
   */
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
   * nothing; watching for slow polls costs one more look at the clock per turn.
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

  /**
   * Makes the runtime.
   *
   * @throws {InvalidVariable} when no driver was given, and `WAKEFUL_DRIVER` names none that exists
   * @throws {DriverUnavailable} when the driver does not run here
   */
  build(): R {
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
    return this.#make(this.#threadName, { executor, reactor, timers, loop });
  }
}
