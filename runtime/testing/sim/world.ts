import type { Random } from "../../collections/random.ts";
import { Misuse } from "../../core/errors.ts";
import type { Co } from "../../core/future.ts";
import type { Kernel } from "../../reactor/sim/kernel.ts";
import type { LinkOptions, Path } from "../../reactor/sim/link.ts";
import type { Machine } from "../../reactor/sim/machine.ts";
import type { Network } from "../../reactor/sim/network.ts";
import type { Spawnable } from "../../task/coroutine.ts";
import { sleep } from "../../time/sleep.ts";
import { type ChaosOptions, drawFaults, type Fault } from "./chaos.ts";
import { beginFault } from "./faults.ts";
import { Host, type HostOptions, type HostParts } from "./host.ts";

/** What a world is made of. */
export interface WorldParts {
  readonly kernel: Kernel;
  readonly network: Network<Machine>;
  readonly hostParts: HostParts;
  /** Of each fault in the order of drawing: whether it shall happen. */
  keepFault(index: number): boolean;
  /** An action of `at` threw. */
  onError(error: unknown): void;
}

/**
 * A simulated world: hosts, the links between them, and what happens to both.
 *
 * Times are in milliseconds since its beginning.
 */
export class World {
  /** For the scenario's own chance. */
  readonly random: Random;
  #parts: WorldParts;
  #hosts: Map<string, Host> = new Map();
  #drawn = 0;
  #faults: Fault[] = [];

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.random = parts.kernel.random.fork();
  }

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#parts.kernel.now;
  }

  get hosts(): readonly Host[] {
    return [...this.#hosts.values()];
  }

  /** How many faults were drawn, those that were left out included. */
  get drawn(): number {
    return this.#drawn;
  }

  /** The faults that happen, or have happened. */
  get faults(): readonly Fault[] {
    return this.#faults;
  }

  /**
   * Adds a machine and starts its program, a coroutine function or a future's maker, which is
   * called again at each start. An error that ends the program fails the simulation.
   *
   * @throws {Misuse} when there is a host of that name
   */
  host<T>(name: string, program: () => Spawnable<T>, options: HostOptions = {}): Host<T> {
    if (name === "world") throw new Misuse("Cannot call a host world: that is the scenario itself");
    if (this.#hosts.has(name)) throw new Misuse(`Cannot add a second host of the name ${name}`);
    const host = new Host(name, program, this.#parts.hostParts, options);
    this.#hosts.set(name, host as Host<unknown>);
    return host;
  }

  /** The host of that name. @throws {Misuse} when there is none */
  find(name: string): Host {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new Misuse(`Cannot find a host of the name ${name}`);
    return host;
  }

  /** Says how the link between two hosts is, in both directions. */
  link(one: string, other: string, options: LinkOptions): void {
    for (const path of this.#paths(one, other)) path.change(options);
  }

  /** Lets nothing through between each of the ones and each of the others. */
  partition(ones: string | readonly string[], others: string | readonly string[]): void {
    for (const [one, other] of cross(ones, others)) {
      this.note("partition", one, other);
      for (const path of this.#paths(one, other)) path.shut();
    }
  }

  /** Lets nothing through from one host to another; the other way stays open. */
  partitionOneWay(from: string, to: string): void {
    this.note("one-way partition", from, to);
    this.#paths(from, to)[0].shut();
  }

  /** Every link is open and as usual again. */
  heal(): void {
    this.note("heal");
    this.#parts.network.heal();
  }

  /** As {@link Host.crash}. */
  crash(name: string): void {
    this.find(name).crash();
  }

  /** As {@link Host.restart}. */
  restart(name: string): void {
    this.find(name).restart();
  }

  /** Calls `action` at a time. */
  at(time: number, action: () => void): void {
    this.#parts.kernel.at(time, () => {
      try {
        const answer: unknown = action();
        if (answer !== undefined && typeof answer === "object") {
          throw new Misuse("Cannot wait in an action of at(): it is called, not run as a task");
        }
      } catch (error) {
        this.#parts.onError(error);
      }
    });
  }

  /** Writes into the trace, for reports and the hash. */
  note(what: string, ...details: (string | number)[]): void {
    this.#parts.kernel.note(what, ...details);
  }

  /**
   * Lets things go wrong at random moments, and waits until all is well again: links healed, hosts
   * that crashed or lost their power started. What goes wrong follows from the seed alone.
   *
   * Cancel safety: the faults go on when it is dropped.
   */
  *chaos(options: ChaosOptions): Co<readonly Fault[]> {
    const random = this.random.fork();
    const from = Math.max(options.from ?? 0, Math.ceil(this.now));
    const drawn = drawFaults({ ...options, from }, random).map((fault) => ({
      fault,
      random: random.fork(),
    }));
    const kept = drawn.filter(() => this.#parts.keepFault(this.#drawn++));
    for (const { fault, random } of kept) this.#schedule(fault, random);
    const faults = kept.map(({ fault }) => fault);
    this.#faults.push(...faults);
    yield* sleep(options.until - this.now);
    return faults;
  }

  /** @param random the fault's own, so that leaving one out changes nothing for the others */
  #schedule(fault: Fault, random: Random): void {
    this.at(fault.at, () => {
      this.note("fault", fault.kind, ...fault.hosts);
      const end = beginFault(fault, {
        random,
        host: (name) => this.find(name),
        paths: (one, other) => this.#paths(one, other),
      });
      this.at(fault.until, () => {
        this.note("end of fault", fault.kind, ...fault.hosts);
        end();
      });
    });
  }

  #paths(one: string, other: string): [Path, Path] {
    return this.#parts.network.paths(this.find(one).machine, this.find(other).machine);
  }
}

/** Each of the ones with each of the others. */
function cross(
  ones: string | readonly string[],
  others: string | readonly string[],
): [string, string][] {
  const list = (names: string | readonly string[]) => typeof names === "string" ? [names] : names;
  return list(ones).flatMap((one) => list(others).map((other): [string, string] => [one, other]));
}
