/** What the measured pools run on their threads. */
import { currentPool, portable, type SenderTicket, SharedSender, sleep } from "wakeful/runtime";

export interface Flood {
  readonly ticket: SenderTicket;
  readonly count: number;
}

const BATCH = 1000;
const here = import.meta.url;

export const trivial = portable(here, function trivial(n: number) {
  return n + 1;
});

export const compute = portable(here, function compute(steps: number) {
  let x = 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 48271) + i) | 0;
  return x;
});

/** Fills the queue of the worker it runs on. */
export const fill = portable(here, function* fill(count: number, steps: number) {
  const tasks = Array.from({ length: count }, () => currentPool().run(compute, steps));
  for (const task of tasks) yield* task;
});

export const fibonacci = portable(here, function fibonacci(n: number): number {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
});

/** Sends `count` small messages in batches. */
export const flood = portable(here, function* flood({ ticket, count }: Flood) {
  using sender = new SharedSender<{ id: number; to: string }>(ticket);
  for (let sent = 0; sent < count; sent += BATCH) {
    const some = Array.from({ length: BATCH }, (_, i) => ({ id: sent + i, to: "all" }));
    yield* sender.sendAll(some);
  }
});

/** Sends the time, now and then, so that nobody expects it. */
export const drip = portable(here, function* drip({ ticket, count }: Flood) {
  using sender = new SharedSender<number>(ticket);
  for (let i = 0; i < count; i++) {
    yield* sleep(2);
    yield* sender.send(performance.timeOrigin + performance.now());
  }
});
