/** Bounded channels over native promises: what ours is compared with. */
import { Ring } from "../../runtime/collections/ring.ts";
import { PRODUCERS, ROOM } from "./shapes.ts";
import { cpuTime, type Workloads } from "./workload.ts";

export interface Channel<T> {
  /** Resolves when there is room. */
  send(value: T): Promise<void>;
  recv(): Promise<T>;
}

/** As one writes it: arrays, and whoever cannot go on waits in an async function and looks again. */
export class AsyncChannel<T> implements Channel<T> {
  #capacity: number;
  #values: T[] = [];
  #takers: (() => void)[] = [];
  #givers: (() => void)[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  async send(value: T): Promise<void> {
    while (this.#values.length >= this.#capacity) {
      await new Promise<void>((resolve) => this.#givers.push(resolve));
    }
    this.#values.push(value);
    this.#takers.shift()?.();
  }

  async recv(): Promise<T> {
    while (this.#values.length === 0) {
      await new Promise<void>((resolve) => this.#takers.push(resolve));
    }
    const value = this.#values.shift()!;
    this.#givers.shift()?.();
    return value;
  }
}

/** As one tunes it: rings, no async function, and a value is handed over with the promise. */
export class PromiseChannel<T> implements Channel<T> {
  #capacity: number;
  #values = new Ring<T>();
  #takers = new Ring<(value: T) => void>();
  #givers = new Ring<() => void>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** A value that waits for room stands in the queue already. */
  send(value: T): Promise<void> {
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker(value);
      return Promise.resolve();
    }
    this.#values.push(value);
    if (this.#values.length <= this.#capacity) return Promise.resolve();
    return new Promise((resolve) => this.#givers.push(resolve));
  }

  recv(): Promise<T> {
    if (this.#values.length === 0) return new Promise((resolve) => this.#takers.push(resolve));
    const value = this.#values.shift()!;
    this.#givers.shift()?.();
    return Promise.resolve(value);
  }
}

type MakeChannel = (capacity: number) => Channel<number>;

async function pingPong(make: MakeChannel, hops: number): Promise<void> {
  const [there, back] = [make(1), make(1)];
  const answering = (async () => {
    for (let i = 0; i < hops / 2; i++) await back.send(await there.recv());
  })();
  for (let i = 0; i < hops / 2; i++) {
    await there.send(i);
    await back.recv();
  }
  await answering;
}

async function messages(
  channel: Channel<number>,
  count: number,
  producers: number,
): Promise<void> {
  const produce = async () => {
    for (let i = 0; i < count / producers; i++) await channel.send(i);
  };
  const producing = Array.from({ length: producers }, produce);
  for (let i = 0; i < count; i++) await channel.recv();
  await Promise.all(producing);
}

/** The cases of channels, played by one of the two. */
export function channelWorkloads(make: MakeChannel): Workloads {
  return {
    "channel-hop": cpuTime((hops) => pingPong(make, hops)),
    "mpsc": cpuTime((count) => messages(make(ROOM), count, PRODUCERS)),
    "unbounded": cpuTime((count) => messages(make(Infinity), count, 1)),
  };
}
