import { Random } from "../../collections/random.ts";
import type { Co } from "../../core/future.ts";
import { freshSeed } from "../../os/entropy.ts";
import { Kernel } from "../../reactor/sim/kernel.ts";
import type { Machine } from "../../reactor/sim/machine.ts";
import { Network } from "../../reactor/sim/network.ts";
import { showFault } from "./chaos.ts";
import { SimulationFailed } from "./failure.ts";
import { Host, type HostParts } from "./host.ts";
import { World } from "./world.ts";

export interface SimulationOptions {
  /** What everything follows from; a fresh one by default. */
  readonly seed?: number;
  /** How long it may take, in milliseconds of its own time. */
  readonly limit?: number;
  /** By the order of drawing, which faults happen; all by default. For narrowing a failure down. */
  keepFault?(index: number): boolean;
  /** The command that runs a seed again, for the report of a failure. */
  replay?(seed: number): string;
}

/** A simulation that went through. */
export interface Simulated<T> {
  readonly value: T;
  readonly seed: number;
  /** The same for two runs that took the same course. */
  readonly hash: string;
  /** Milliseconds of the simulation's own time. */
  readonly elapsed: number;
  /** How many faults were drawn. */
  readonly faults: number;
}

const DEFAULT_LIMIT_MS = 3_600_000;
/** The first moment of 2025: when every simulation begins. */
const WALL_AT_START = 1_735_689_600_000;

/**
 * Runs programs on simulated machines, in simulated time, and lets go wrong what you like.
 *
 * `body` is the scenario: it makes hosts, moves the world, waits, checks. Everything else follows
 * from the seed: the order in which ready tasks run, latencies, losses, faults and all randomness;
 * the same seed on the same code and the same Deno takes the same course, which its trace hash
 * proves. Programs run unchanged, since time, chance and I/O come through their runtime. What is
 * outside of it is not simulated: real promises, threads, `Date.now`.
 *
 * The world ends with the body. It fails when the body or a host's program throws, when an error
 * of a task is asked for by nobody, when everything waits and nothing is going to happen, when
 * `limit` is over, and when something is left at its end: tasks, timers, registrations, sockets.
 * The error tells the seed, the hash, the last events, and which tasks wait for what.
 *
 * @throws {SimulationFailed}
 *
 * @example A client whose server crashes
 * ```ts
 * import { TcpListener, TcpStream } from "wakeful/net";
 * import { sleep } from "wakeful/runtime";
 * import { simulate } from "wakeful/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { value } = await simulate({ seed: 7 }, function* (world) {
 *   world.host("server", function* () {
 *     using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: 80 });
 *     using _client = yield* listener.accept();
 *     yield* sleep(60_000);
 *   });
 *   world.at(1_000, () => world.crash("server"));
 *   const client = world.host("client", function* () {
 *     using stream = yield* TcpStream.connect({ host: "server", port: 80 });
 *     return (yield* stream.fill()).length;
 *   });
 *   return yield* client.outcome();
 * });
 * assertEquals(value, 0); // the end: the system closes what a dead process held
 * ```
 */
export function simulate<T>(
  options: SimulationOptions,
  body: (world: World) => Co<T>,
): Promise<Simulated<T>> {
  return new Simulation(options, body).run();
}

class Simulation<T> {
  #seed: number;
  #replay: string;
  #kernel: Kernel;
  #world: World;
  #director: Host | undefined;
  #parts: HostParts;
  #body: (world: World) => Co<T>;
  #limit: number;
  #settle!: (value: T) => void;
  #reject!: (error: SimulationFailed) => void;
  #over = false;

  constructor(options: SimulationOptions, body: (world: World) => Co<T>) {
    const seed = this.#seed = options.seed ?? freshSeed();
    this.#replay = options.replay?.(seed) ?? `simulate({ seed: ${seed} }, …)`;
    this.#body = body;
    this.#limit = options.limit ?? DEFAULT_LIMIT_MS;
    const kernel = this.#kernel = new Kernel(new Random(this.#seed));
    const network = new Network<Machine>(kernel);
    this.#parts = {
      kernel,
      network,
      wallAtStart: WALL_AT_START,
      onError: (host, error) => this.#fail(`${host.name}: ${messageOf(error)}`, error),
    };
    this.#world = new World({
      kernel,
      network,
      hostParts: this.#parts,
      keepFault: (index) => options.keepFault?.(index) ?? true,
      onError: (error) => this.#fail(messageOf(error), error),
    });
  }

  async run(): Promise<Simulated<T>> {
    const value = await new Promise<T>((resolve, reject) => {
      [this.#settle, this.#reject] = [resolve, reject];
      this.#begin();
    });
    const { hash } = this.#kernel.trace;
    return { value, seed: this.#seed, hash, elapsed: this.#kernel.now, faults: this.#world.drawn };
  }

  #begin(): void {
    const kernel = this.#kernel;
    kernel.watch({
      onIdle: () => this.#fail("Everything waits, and nothing is going to happen"),
      onCircles: () => this.#fail("Tasks keep each other busy, and nothing else happens"),
      onLate: () => this.#fail(`It took longer than ${this.#limit} ms`),
    }, this.#limit);
    this.#director = new Host("world", () => this.#direct(), this.#parts, {});
  }

  *#direct(): Co<void> {
    const value = yield* this.#body(this.#world);
    this.#kernel.after(0, () => this.#succeed(value));
  }

  #succeed(value: T): void {
    if (this.#over) return;
    const left = this.#finishHosts();
    if (left.length > 0) return this.#fail(left.join("; "));
    this.#over = true;
    // Whoever took another turn, or drew once more, has taken another course.
    this.#kernel.note("end", this.#kernel.turns, this.#kernel.random.next());
    this.#kernel.stop();
    this.#settle(value);
  }

  #fail(what: string, cause?: unknown): void {
    if (this.#over) return;
    this.#over = true;
    const { trace, now } = this.#kernel;
    const failure = new SimulationFailed(what, {
      seed: this.#seed,
      replay: this.#replay,
      hash: trace.hash,
      at: now,
      faults: this.#world.faults.map(showFault),
      recent: trace.recent(),
      tasks: new Map(this.#hosts.map((host) => [host.name, host.tasks()])),
    }, { cause });
    this.#kernel.stop();
    this.#finishHosts();
    this.#reject(failure);
  }

  get #hosts(): readonly Host[] {
    return this.#director ? [this.#director, ...this.#world.hosts] : this.#world.hosts;
  }

  /** Ends what still runs; answers what was left behind. */
  #finishHosts(): string[] {
    return this.#hosts.map((host) => host.finish()).filter((left) => left !== undefined);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
