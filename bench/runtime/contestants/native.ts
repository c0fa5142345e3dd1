/** Async functions and promises, with nothing on top. */
import { AsyncChannel, channelWorkloads } from "../promise_channel.ts";
import { delayOf } from "../shapes.ts";
import { cpuTime, heapBytes, wallTime, type Workloads } from "../workload.ts";

async function yields(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await null;
}

async function pingPong(hops: number): Promise<void> {
  const bells = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const player = async (me: number) => {
    for (let i = 0; i < hops / 2; i++) {
      await bells[me].promise;
      bells[me] = Promise.withResolvers();
      bells[1 - me].resolve();
    }
  };
  const players = [player(0), player(1)];
  bells[0].resolve();
  await Promise.all(players);
}

async function spawnAndJoin(count: number, body: (i: number) => Promise<void>): Promise<void> {
  const running = Array.from({ length: count }, (_, i) => body(i));
  for (const promise of running) await promise;
}

const noAwait = async () => {};
const oneAwait = async () => {
  await null;
};
const sleeper = (i: number) => new Promise<void>((resolve) => void setTimeout(resolve, delayOf(i)));
const sleeping = async (i: number) => {
  await sleeper(i);
};

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

async function setAndClear(count: number): Promise<void> {
  for (let i = 0; i < count; i++) clearTimeout(setTimeout(() => {}, delayOf(i)));
  await null;
}

/** `count` async functions that wait for one promise; what ends their wait, and their end. */
function idle(count: number) {
  const bell = Promise.withResolvers<void>();
  const wait = async () => {
    await bell.promise;
  };
  const waiting = Array.from({ length: count }, wait);
  return { bell, waiting };
}

export const workloads: Workloads = {
  "yield": cpuTime(yields),
  "hop": cpuTime(pingPong),
  ...channelWorkloads((capacity) => new AsyncChannel(capacity)),
  "spawn": cpuTime((count) => spawnAndJoin(count, noAwait)),
  "spawn-await": cpuTime((count) => spawnAndJoin(count, oneAwait)),
  "sleepers": wallTime((count) => spawnAndJoin(count, sleeping)),
  "sleepers-cpu": cpuTime((count) => spawnAndJoin(count, sleeping)),
  "wheel": cpuTime(setAndClear),
  "idle-task": heapBytes(async (count) => {
    const { bell, waiting } = idle(count);
    await null;
    waiting.length = 0;
    return () => (bell.resolve(), turn());
  }),
  "notified": cpuTime(async (count) => {
    const { bell, waiting } = idle(count);
    await null;
    bell.resolve();
    await Promise.all(waiting);
  }),
};
