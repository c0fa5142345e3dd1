/**
 * A model checker for algorithms over shared memory: it runs small programs in every possible
 * order of their atomic steps.
 *
 * The code under test is the real one, on a memory of the model. A thread cannot be stopped in the
 * middle of a call, so it is begun anew for each step: what its earlier steps answered is played
 * back to it, and the first step beyond that ends the attempt. States that were seen before are
 * not entered again.
 */

import type { Memory } from "../../runtime/threads/memory.ts";

/** One thread: synchronous, and nothing but its memory is shared or random. */
export type Program = (memory: Memory) => unknown;

export interface Model {
  /** The shared words as they are at first. */
  readonly words: readonly number[];
  readonly threads: readonly Program[];
  /** Called at the end of every run, with what each thread answered; throws if that is wrong. */
  check(answers: unknown[], words: readonly number[]): void;
}

export interface Explored {
  /** How many different states were seen, and how many of them were ends. */
  readonly states: number;
  readonly ends: number;
}

type Step = (words: number[], sleepers: Set<number>) => number | typeof BLOCKED;

interface Thread {
  /** What its steps answered so far. */
  readonly log: readonly number[];
  /** Whether it sleeps in a `wait` until somebody notifies. */
  readonly asleep: boolean;
  readonly done: boolean;
  readonly answer: unknown;
}

interface State {
  readonly words: readonly number[];
  readonly threads: readonly Thread[];
  readonly trail: string;
}

const BLOCKED = Symbol("Blocked");
const WOKEN = 1;

class NextStep {
  constructor(readonly step: Step, readonly at: number) {}
}

/** Plays back what earlier steps answered, then hands out the next one. */
class Playback implements Memory {
  #next = 0;

  constructor(readonly log: readonly number[]) {}

  load(at: number): number {
    return this.#step(at, (words) => words[at]);
  }

  store(at: number, value: number): void {
    this.#step(at, (words) => (words[at] = value, 0));
  }

  add(at: number, value: number): number {
    return this.#step(at, (words) => {
      const before = words[at];
      words[at] = (before + value) | 0;
      return before;
    });
  }

  exchange(at: number, value: number): number {
    return this.#step(at, (words) => {
      const before = words[at];
      words[at] = value;
      return before;
    });
  }

  compareExchange(at: number, expected: number, value: number): number {
    return this.#step(at, (words) => {
      const before = words[at];
      if (before === expected) words[at] = value;
      return before;
    });
  }

  wait(at: number, expected: number): void {
    this.#step(at, (words) => words[at] === expected ? BLOCKED : 0);
  }

  notify(at: number): void {
    this.#step(at, (_words, sleepers) => (sleepers.delete(at), 0));
  }

  #step(at: number, step: Step): number {
    if (this.#next < this.log.length) return this.log[this.#next++];
    throw new NextStep(step, at);
  }
}

/**
 * Runs `model` in every order.
 *
 * @throws whatever `check` throws, with the order of the threads that led there
 * @throws {Error} when a run comes to a state in which every thread that is left sleeps for ever
 */
export function explore(model: Model): Explored {
  const seen = new Set<string>();
  let ends = 0;
  const fresh = model.threads.map(() => ({ log: [], asleep: false, done: false, answer: 0 }));
  const stack: State[] = [{ words: model.words, threads: fresh, trail: "" }];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    const key = keyOf(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = successors(model, state);
    stack.push(...next);
    if (next.length === 0) {
      ends++;
      judge(model, state);
    }
  }
  return { states: seen.size, ends };
}

function keyOf({ words, threads }: State): string {
  return JSON.stringify([words, threads.map(({ log, asleep, done }) => [log, asleep, done])]);
}

function judge(model: Model, { words, threads, trail }: State): void {
  if (threads.some(({ done }) => !done)) throw new Error(`asleep for ever after ${trail}`);
  try {
    model.check(threads.map(({ answer }) => answer), words);
  } catch (error) {
    throw new Error(`wrong after ${trail}: ${error instanceof Error ? error.message : error}`);
  }
}

function successors(model: Model, state: State): State[] {
  const next: State[] = [];
  state.threads.forEach((thread, index) => {
    if (thread.done || thread.asleep) return;
    next.push(advance(model, state, index));
  });
  return next;
}

function advance(model: Model, state: State, index: number): State {
  const threads = [...state.threads];
  const words = [...state.words];
  const thread = threads[index];
  const moved = (change: Partial<Thread>): State => {
    threads[index] = { ...thread, ...change };
    return { words, threads, trail: state.trail + index };
  };
  try {
    return moved({ done: true, answer: model.threads[index](new Playback(thread.log)) });
  } catch (next) {
    if (!(next instanceof NextStep)) throw next;
    const sleepers = new Set([next.at]);
    const answer = next.step(words, sleepers);
    if (answer === BLOCKED) return moved({ log: [...thread.log, WOKEN], asleep: true });
    if (!sleepers.has(next.at)) wakeOne(threads);
    return moved({ log: [...thread.log, answer] });
  }
}

/** Every wait in these programs is at one word, so whoever sleeps sleeps there. */
function wakeOne(threads: Thread[]): void {
  const sleeper = threads.findIndex(({ asleep }) => asleep);
  if (sleeper >= 0) threads[sleeper] = { ...threads[sleeper], asleep: false };
}
