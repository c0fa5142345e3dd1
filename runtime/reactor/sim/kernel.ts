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

/** Who is told of a simulation that does not come to its end. */
export interface Watcher {
  /** Nothing is left that could happen by itself. */
  onIdle(): void;
  /** The hosts go on and on, and nothing happens. */
  onCircles(): void;
  /** What happens next happens too late. */
  onLate(): void;
}

/** What a turn of a host costs, so that a task which looks again and again sees time pass. */
const TURN_MS = 0.001;

/** So many turns without any event in between are a program that runs in circles. */
const MOST_TURNS_BETWEEN_EVENTS = 1_000_000;

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
  #events: Heap<SimEvent> = new Heap((one, other) =>
    one.at < other.at || (one.at === other.at && one.order < other.order)
  );
  #order = 0;
  #ready: Resumable[] = [];
  #turns = 0;
  #turnsSinceEvent = 0;
  #scheduled = false;
  #stopped = false;
  #limit = Infinity;
  #watcher: Watcher = { onIdle() {}, onCircles() {}, onLate() {} };

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
    this.#ready.push(host);
    this.#poke();
  }

  note(what: string, ...details: (string | number)[]): void {
    this.trace.note(this.now, what, ...details);
  }

  /** Tells `watcher` of a simulation that does not come to its end, within `limit` milliseconds. */
  watch(limit: number, watcher: Watcher): void {
    this.#limit = limit;
    this.#watcher = watcher;
  }

  /** Nothing happens any more. */
  stop(): void {
    this.#stopped = true;
    this.#ready = [];
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
      if (++this.#turnsSinceEvent === MOST_TURNS_BETWEEN_EVENTS) this.#watcher.onCircles();
      this.now += TURN_MS;
      while (this.#isDue()) this.#step();
    }
    this.#scheduled = false;
    if (this.#stopped) return;
    if (this.#step()) this.#poke();
    else this.#restFor(IDLE_TURNS);
  };

  /** Nothing is left to happen; unless a promise of the platform is going to change that. */
  #restFor(turns: number): void {
    if (this.#scheduled || this.#stopped) return;
    if (turns === 0) this.#watcher.onIdle();
    else setImmediate(() => this.#restFor(turns - 1));
  }

  #isDue(): boolean {
    const next = this.#events.peek();
    return next !== undefined && next.at <= this.now;
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
    for (let event = this.#events.pop(); event !== undefined; event = this.#events.pop()) {
      const { run } = event;
      if (run === undefined) continue;
      event.run = undefined;
      this.now = Math.max(this.now, Math.min(event.at, this.#limit));
      this.#turnsSinceEvent = 0;
      if (event.at > this.#limit) this.#watcher.onLate();
      else run();
      return true;
    }
    return false;
  }
}
