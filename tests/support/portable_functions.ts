/** What the tests of threads run elsewhere: a module that every thread can import. */

import {
  aborted,
  Closed,
  currentPool,
  type Portable,
  portable,
  type SenderTicket,
  SharedSender,
  sleep,
  TimedOut,
} from "wakeful/runtime";

const here = import.meta.url;

export function add(a: number, b: number): number {
  return a + b;
}

/** Gives back whatever it is given. */
export const echo = portable(here, function echo(value: unknown) {
  return value;
});

export const fibonacci = portable(here, function fibonacci(n: number): number {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
});

/** A coroutine: it runs on the runtime of its thread. */
export const doze = portable(here, function* doze(milliseconds: number, word: string) {
  yield* sleep(milliseconds);
  return word;
});

export const promised = portable(here, async function promised(value: number) {
  await Promise.resolve();
  return value;
});

/** Keeps its thread busy for so many steps, and answers nothing. */
export const work = portable(here, function work(steps: number) {
  let x = 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 48271) + i) | 0;
  return x;
});

/** Hands `count` tasks to the pool whose worker it runs on. */
export const fanOut = portable(here, function* fanOut(count: number, steps: number) {
  const tasks = Array.from({ length: count }, () => currentPool().run(work, steps));
  for (const task of tasks) yield* task;
  return count;
});

export class OddError extends Error {
  override readonly name = "OddError";
  readonly code = "ODD";
}

export const fail = portable(here, function fail(how: string): never {
  if (how === "range") throw new RangeError("too far");
  if (how === "timeout") throw new TimedOut(50, "a friend");
  if (how === "closed") throw new Closed("the shop");
  if (how === "odd") throw new OddError("strange");
  throw how;
});

/** Not every Deno can end a thread that computes: one that is left would compute to the very end. */
const LONGEST_SPIN_MS = 5_000;

/** Announces that it runs, then spins until a word of shared memory changes, or for ever, nearly. */
export const spinUntil = portable(here, function spinUntil(buffer: SharedArrayBuffer) {
  const words = new Int32Array(buffer);
  const end = performance.now() + LONGEST_SPIN_MS;
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  while (Atomics.load(words, 1) === 0 && performance.now() < end);
  return "let go";
});

/** Spins until it is aborted, and says so in shared memory. */
export const spinPolitely = portable(here, function spinPolitely(buffer: SharedArrayBuffer) {
  const words = new Int32Array(buffer);
  Atomics.store(words, 0, 1);
  while (!aborted());
  Atomics.store(words, 1, 1);
  return "heard";
});

export const die = portable(here, function die(how: string): unknown {
  if (how === "exit") Deno.exit(3);
  return new Promise(() =>
    setTimeout(() => {
      throw new RangeError("thrown outside");
    }, 0)
  );
});

export const sizeOf = portable(here, function sizeOf(buffer: ArrayBuffer) {
  return buffer.byteLength;
});

/** Sends one word through a channel. */
export const tell = portable(here, function* tell(ticket: SenderTicket, word: string) {
  using sender = new SharedSender<string>(ticket);
  yield* sender.send(word);
});

export const answerFunction = portable(here, function answerFunction(): unknown {
  return { on: { click() {} } };
});

function hidden(): number {
  return 1;
}

/** Marked, but not exported. */
export function makeHidden(): Portable<[], number> {
  return portable(here, hidden);
}

/** A closure that bears the name of an export. */
export function makeClosure(offset: number): Portable<[number, number], number> {
  const add = (a: number, b: number) => a + b + offset;
  return portable(here, add);
}
