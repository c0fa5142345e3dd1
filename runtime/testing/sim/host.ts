import type { Random } from "../../collections/random.ts";
import { Misuse } from "../../core/errors.ts";
import type { Co } from "../../core/future.ts";
import type { SignalName } from "../../core/io.ts";
import { Notify } from "../../sync/notify.ts";
import { SimClock, SimDriver } from "../../reactor/sim/driver.ts";
import type { Driver } from "../../reactor/driver.ts";
import type { Kernel } from "../../reactor/sim/kernel.ts";
import { type Death, Machine } from "../../reactor/sim/machine.ts";
import type { Network } from "../../reactor/sim/network.ts";
import { Runtime, type TaskView } from "../../runtime.ts";
import { intoFuture, type Spawnable } from "../../task/coroutine.ts";
import { type Ended, valueOf } from "../../task/task.ts";
import { SimDisk } from "./disk.ts";

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a host may be told besides what it runs. */
export interface HostOptions {
  /** How fast its clock runs: 1.001 gains a millisecond a second. */
  readonly clockRate?: number;
  /** How far its time of day is ahead, in milliseconds. */
  readonly clockAhead?: number;
  /** Stands between the host and its driver, to plant a fault. */
  readonly driver?: (driver: Driver) => Driver;
}

/** What a host needs of its world. */
export interface HostParts {
  readonly kernel: Kernel;
  readonly network: Network<Machine>;
  readonly wallAtStart: number;
  /** The program of a host ended by an error. */
  onError(host: { readonly name: string }, error: unknown): void;
}

/**
 * One machine of a simulation and the program that runs on it.
 *
 * The program begins anew with each start; the machine, its address and its disk stay.
 */
export class Host<T = unknown> {
  readonly name: string;
  readonly disk: SimDisk = new SimDisk();
  readonly machine: Machine;
  readonly clock: SimClock;
  #parts: HostParts;
  /** Its own, so that what happens to others does not change what happens here. */
  #random: Random;
  #program: () => Spawnable<T>;
  #wrap: (driver: Driver) => Driver;
  #driver: SimDriver | undefined;
  #runtime: Runtime | undefined;
  #ended: Ended<T> | undefined;
  #changed: Notify = new Notify();
  #starts = 0;

  constructor(
    name: string,
    program: () => Spawnable<T>,
    parts: HostParts,
    options: HostOptions,
  ) {
    this.name = name;
    this.#parts = parts;
    this.#random = parts.kernel.random.fork();
    this.#program = program;
    this.#wrap = options.driver ?? ((driver) => driver);
    this.machine = new Machine(name, parts.kernel, parts.network);
    const wall = parts.wallAtStart + (options.clockAhead ?? 0);
    this.clock = new SimClock(parts.kernel, wall, options.clockRate);
    this.start();
  }

  /** The address by which others reach it; its name does as well. */
  get ip(): string {
    return this.machine.ip;
  }

  /** Whether its program runs. */
  get running(): boolean {
    return this.#runtime !== undefined;
  }

  /** How often its program was started. */
  get starts(): number {
    return this.#starts;
  }

  /** How its program ended the last time; undefined while it runs, and after a crash. */
  get ended(): Ended<T> | undefined {
    return this.#ended;
  }

  /** Starts its program, and switches the machine on. @throws {Misuse} when it runs */
  start(): void {
    if (this.#runtime !== undefined) throw new Misuse(`Cannot start ${this.name}: it runs already`);
    const { kernel } = this.#parts;
    kernel.note("start", this.name);
    this.#starts++;
    this.#ended = undefined;
    this.machine.reachable = true;
    const runtime = this.#runtime = this.#makeRuntime();
    runtime.spawn(() => intoFuture(this.#program()), {
      name: "main",
      onEnd: (ended) => this.#mainEnded(runtime, ended),
    });
  }

  /** Waits until its program ends by itself; answers how. */
  *join(): Co<Ended<T>> {
    for (;;) {
      const changed = this.#changed.notified();
      if (this.#ended !== undefined) return this.#ended;
      yield* changed;
    }
  }

  /** Waits until its program ends by itself; answers its value. @throws its error, or {Cancelled} */
  *outcome(): Co<T> {
    return valueOf(yield* this.join());
  }

  /**
   * Ends the process at once, as `kill -9`. Its files stay as they are, the files of its Unix
   * sockets as well. The system closes its sockets: what they had taken is delivered, then its
   * peers see the end, or a reset where bytes had come that the process had not read.
   */
  crash(): void {
    this.#end("crash");
  }

  /** Cuts the power: nobody is told, nothing answers, and what was not synced may be lost. */
  powerOff(): void {
    this.#end("power");
    this.machine.reachable = false;
    this.disk.loseUnsynced(this.#random);
  }

  /** Crashes when it runs, and starts again. */
  restart(): void {
    if (this.running) this.crash();
    this.start();
  }

  /** Stops the process where it stands; the system behind its sockets goes on. */
  pause(): void {
    this.#parts.kernel.note("pause", this.name);
    this.#driver?.setPaused(true);
  }

  /** Lets a paused process go on. */
  resume(): void {
    this.#parts.kernel.note("resume", this.name);
    this.#driver?.setPaused(false);
  }

  /** Sends a signal; a program that does not listen for it ends, as by default. */
  signal(name: SignalName): void {
    this.#parts.kernel.note("signal", this.name, name);
    const listeners = [...this.machine.signals].filter((listener) => listener.name === name);
    for (const listener of listeners) listener.arrive();
    if (listeners.length === 0) this.crash();
  }

  /** Moves its time of day; durations are not affected. */
  jumpWallClock(milliseconds: number): void {
    this.clock.wallAtStart += milliseconds;
  }

  /** The tasks that have not ended. */
  tasks(): readonly TaskView[] {
    const tasks = this.#runtime?.tasks() ?? [];
    return tasks.map((task) => ({ name: nameOf(task), waitsFor: task.waitsFor }));
  }

  /** Ends it with its world, in order. Answers what is left nevertheless, in words. */
  finish(): string | undefined {
    const runtime = this.#runtime;
    this.#runtime = undefined;
    runtime?.shutdown();
    const { tasks, timers, registrations } = runtime?.statistics() ??
      { tasks: 0, timers: 0, registrations: 0 };
    const { sockets } = this.machine;
    if (tasks + timers + registrations + sockets === 0) return undefined;
    return `${this.name} leaves ${tasks} tasks, ${timers} timers, ${registrations} registrations ` +
      `and ${sockets} sockets behind`;
  }

  #makeRuntime(): Runtime {
    const { kernel } = this.#parts;
    const driver = this.#driver = new SimDriver(this.machine, this.clock);
    return Runtime.builder().driver(() => this.#wrap(driver)).clock(this.clock)
      .seed(this.#random.next()).shuffleTasks().threadName(this.name).enableAll()
      .onTaskEnd((task, outcome) => kernel.note("task ended", this.name, nameOf(task), outcome))
      .onUnjoinedError((task, error) =>
        this.#parts.onError(
          this,
          new Error(`task ${task} failed: ${messageOf(error)}`, { cause: error }),
        )
      )
      .build();
  }

  #mainEnded(runtime: Runtime, ended: Ended<T>): void {
    this.#parts.kernel.note("end of program", this.name, ended.how);
    if (this.#runtime !== runtime) return; // it crashed
    this.#ended = ended;
    if (ended.how === "error") this.#parts.onError(this, ended.error);
    // The process ends with its program; not while that is still being polled.
    this.#parts.kernel.after(0, () => {
      if (this.#runtime === runtime) this.#leave();
    });
  }

  /** The program has ended: the rest of its process goes with it. */
  #leave(): void {
    const left = this.finish();
    this.#changed.notifyAll();
    if (left !== undefined) this.#parts.onError(this, new Error(left));
  }

  #end(how: Death): void {
    const runtime = this.#runtime;
    if (runtime === undefined) return;
    this.#parts.kernel.note(how, this.name);
    this.#runtime = undefined;
    // A dead process cleans nothing up: whatever its `finally` does must not be seen outside.
    this.#driver?.kill(how);
    this.disk.keptFrom(() => runtime.shutdown());
  }
}

/** Tasks without a name are numbered across the whole process, which no run can repeat. */
function nameOf({ name }: { readonly name: string }): string {
  return name.replace(/^task-\d+$/, "task");
}
