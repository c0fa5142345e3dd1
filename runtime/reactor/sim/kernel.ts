import { setImmediate } from "node:timers";
import { Heap } from "../../collections/heap.ts";
import type { Random } from "../../collections/random.ts";
import { SimTrace } from "./trace.ts";

/** How many turns the platform gets to settle promises before a simulation counts as stuck. */
const IDLE_TURNS = 3;

/** Something that is going to happen. */
export interface SimEvent {
  readonly at: number;
  readonly order: number;
  /** Undefined once it has happened or was called off. */
  run: (() => void) | undefined;
}

/** A host's loop, as the kernel sees it: something that can be let go on. */
export interface Resumable {
  resume(): void;
}

/** Who is told when a simulation cannot or may not go on. */
export interface KernelWatch {
  /** Nothing is left that could happen by itself. */
  onIdle(): void;
  /** The hosts go on and on, and nothing happens. */
  onCircles(): void;
  /** The limit has passed. */
  onLate(): void;
}

const NOBODY: KernelWatch = { onIdle() {}, onCircles() {}, onLate() {} };

/** What a turn of a host costs, so that a task which looks again and again sees time pass. */
const TURN_MS = 0.001;

/** So many turns without any event in between are a program that runs in circles. */
const MOST_TURNS_BETWEEN_EVENTS = 100_000;

/**
 * The time of a simulation and everything that is going to happen in it.
 *
 * It lets the hosts that have something to do run, one turn at a time in an order drawn from the
 * seed, until none has; then time jumps to the next event. Nothing else drives a simulation: no clock,
 * no timer and no socket of the platform. Between two moments, promises that are settled already
 * get their turn.
 */
export class Kernel {
  /** Milliseconds since the simulation began. */
  now = 0;
  readonly trace: SimTrace = new SimTrace();
  readonly random: Random;
  #events: Heap<SimEvent> = newEvents();
  #order = 0;
  #ready: Resumable[] = [];
  #turns = 0;
  #turnsSinceEvent = 0;
  #scheduled = false;
  #stopped = false;
  #watch: KernelWatch = NOBODY;
  #limit = Infinity;

  constructor(random: Random) {
    this.random = random;
  }

  /** How many turns have been taken. */
  get turns(): number {
    return this.#turns;
  }

  /** Makes `run` happen at `time`, or now when that has passed. */
  at(time: number, run: () => void): SimEvent {
    const event = { at: Math.max(time, this.now), order: this.#order++, run };
    this.#events.push(event);
    this.#poke();
    return event;
  }

  after(milliseconds: number, run: () => void): SimEvent {
    return this.at(this.now + milliseconds, run);
  }

  /** Lets `host` take a turn before time moves on. */
  wake(host: Resumable): void {
    if (this.#stopped) return;
    this.#ready.push(host);
    this.#poke();
  }

  note(what: string, ...details: (string | number)[]): void {
    this.trace.note(this.now, what, ...details);
  }

  /** Tells `watch` when it cannot go on, or goes on after `limit`. */
  watch(watch: KernelWatch, limit: number = Infinity): void {
    this.#watch = watch;
    this.#limit = limit;
  }

  /** Nothing happens any more. */
  stop(): void {
    this.#stopped = true;
    this.#ready = [];
    this.#events = newEvents();
  }

  #poke(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    queueMicrotask(this.#moment);
  }

  /** Everything up to the moment when nobody has anything to do; then time moves on. */
  #moment = (): void => {
    while (this.#ready.length > 0) {
      this.#takeReady().resume();
      this.#turns++;
      if (++this.#turnsSinceEvent === MOST_TURNS_BETWEEN_EVENTS) this.#watch.onCircles();
      this.now += TURN_MS;
      while (this.#isDue()) this.#step();
      if (this.now > this.#limit) this.#watch.onLate();
    }
    this.#scheduled = false;
    if (this.#stopped) return;
    if (this.#step()) this.#poke();
    else this.#restFor(IDLE_TURNS);
  };

  /** Nothing is left to happen; unless a promise of the platform is going to change that. */
  #restFor(turns: number): void {
    if (this.#scheduled || this.#stopped) return;
    if (turns === 0) this.#watch.onIdle();
    else setImmediate(() => this.#restFor(turns - 1));
  }

  #isDue(): boolean {
    const next = this.#next();
    return next !== undefined && next.at <= this.now;
  }

  /** The next event that was not called off; it stays. */
  #next(): SimEvent | undefined {
    for (;;) {
      const next = this.#events.peek();
      if (next === undefined || next.run !== undefined) return next;
      this.#events.pop();
    }
  }

  #takeReady(): Resumable {
    const ready = this.#ready;
    if (ready.length === 1) return ready.pop()!; // most often; then there is nothing to draw
    const chosen = this.random.below(ready.length);
    const host = ready[chosen];
    ready[chosen] = ready[ready.length - 1];
    ready.pop();
    return host;
  }

  /** Moves to the next event and lets it happen; false when there is none. */
  #step(): boolean {
    const event = this.#next();
    if (event === undefined) return false;
    if (event.at > this.#limit) {
      this.now = this.#limit;
      this.#watch.onLate();
      return false;
    }
    this.#events.pop();
    const run = event.run!;
    event.run = undefined;
    this.now = Math.max(this.now, event.at);
    this.#turnsSinceEvent = 0;
    run();
    return true;
  }
}

/** By time, and in the order of asking. */
function newEvents(): Heap<SimEvent> {
  return new Heap((one, other) =>
    one.at < other.at || (one.at === other.at && one.order < other.order)
  );
}
