/** What runs on other threads in lessons 14, 16 and 25: each thread imports it from here. */

import { TcpListener, TcpStream } from "wakeful/net";
import {
  currentPool,
  EMPTY,
  LOST,
  portable,
  SharedMemory,
  sleep,
  StealDeque,
} from "wakeful/runtime";

const here = import.meta.url;
const text = new TextDecoder();
const bytes = new TextEncoder();

export const square = portable(here, function square(n: number) {
  return n * n;
});

export const fibonacci = portable(here, function fibonacci(n: number): number {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
});

/** Computes for a while: about a tenth of a millisecond for 100,000 steps. */
export const compute = portable(here, function compute(steps: number) {
  let x = 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 48271) + i) | 0;
  return x;
});

/** Puts `count` tasks into the queue of the worker that it runs on. */
export const fill = portable(here, function* fill(count: number, steps: number) {
  const tasks = Array.from({ length: count }, () => currentPool().run(compute, steps));
  for (const task of tasks) yield* task;
});

export const nap = portable(here, function* nap(milliseconds: number) {
  yield* sleep(milliseconds);
  return milliseconds;
});

/** The words that thieves and the owner of a queue share besides the queue. */
export const STOP = 0;
export const READY = 1;
export const LOCK = 2;
export const QUEUE = 8;

/** Steals from a deque until it is told to stop; answers how often that succeeded. */
export const stealFrom = portable(
  here,
  function stealFrom(buffer: SharedArrayBuffer, size: number) {
    const memory = new SharedMemory(buffer);
    const deque = new StealDeque(memory, QUEUE, size);
    memory.add(READY, 1);
    let stolen = 0;
    for (;;) {
      const item = deque.steal();
      if (item !== EMPTY && item !== LOST) stolen++;
      else if (item === EMPTY && memory.load(STOP) === 1) return stolen;
    }
  },
);

/** The other queue of lesson 14.4: a stack that one lock guards. */
export class LockedQueue {
  constructor(readonly memory: SharedMemory) {}

  push(item: number): void {
    this.#locked(() => {
      const length = this.memory.add(QUEUE, 1);
      this.memory.store(QUEUE + 1 + length, item);
    });
  }

  pop(): number {
    return this.#locked(() => {
      const length = this.memory.load(QUEUE);
      if (length === 0) return EMPTY;
      this.memory.store(QUEUE, length - 1);
      return this.memory.load(QUEUE + length);
    });
  }

  #locked<T>(act: () => T): T {
    while (this.memory.exchange(LOCK, 1) === 1);
    const result = act();
    this.memory.store(LOCK, 0);
    return result;
  }
}

export const takeLocked = portable(here, function takeLocked(buffer: SharedArrayBuffer) {
  const memory = new SharedMemory(buffer);
  const queue = new LockedQueue(memory);
  memory.add(READY, 1);
  let taken = 0;
  for (;;) {
    if (queue.pop() !== EMPTY) taken++;
    else if (memory.load(STOP) === 1) return taken;
  }
});

/** Answers one client, and says in shared memory where it listens. */
export const serveOne = portable(here, function* serveOne(port: SharedArrayBuffer) {
  using listener = yield* TcpListener.bind({ host: "127.0.0.1", port: 0 });
  Atomics.store(new Int32Array(port), 0, (listener.localAddr as { port: number }).port);
  using stream = yield* listener.accept();
  const buffer = new Uint8Array(64);
  const count = yield* stream.read(buffer);
  yield* stream.writeAll(
    bytes.encode(text.decode(buffer.subarray(0, count as number)).toUpperCase()),
  );
});

/** An async client: connects, asks, reads the answer. */
export const ask = portable(here, function* ask(port: number, question: string) {
  using stream = yield* TcpStream.connect({ host: "127.0.0.1", port });
  yield* stream.writeAll(bytes.encode(question));
  const buffer = new Uint8Array(64);
  const count = yield* stream.read(buffer);
  return text.decode(buffer.subarray(0, count as number));
});

/** Counts itself among those that run, and leaves when the second word is set. */
export const occupy = portable(here, function occupy(buffer: SharedArrayBuffer) {
  const words = new Int32Array(buffer);
  const running = Atomics.add(words, 0, 1) + 1;
  Atomics.wait(words, 1, 0);
  Atomics.sub(words, 0, 1);
  return running;
});
