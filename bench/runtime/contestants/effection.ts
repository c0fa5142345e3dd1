/** Tasks of Effection, in which each has a scope of its own. */
import {
  call,
  createQueue,
  type Operation,
  run as runOperation,
  sleep,
  spawn,
  type Task,
  withResolvers,
} from "effection";
import { delayOf } from "../shapes.ts";
import { cpuTime, heapBytes, wallTime, type Workloads } from "../workload.ts";

const tick = () => call(() => Promise.resolve());

function* yields(count: number): Operation<void> {
  for (let i = 0; i < count; i++) yield* tick();
}

function* pingPong(hops: number): Operation<void> {
  const bells = [withResolvers<void>(), withResolvers<void>()];
  function* player(me: number): Operation<void> {
    for (let i = 0; i < hops / 2; i++) {
      yield* bells[me].operation;
      bells[me] = withResolvers();
      bells[1 - me].resolve();
    }
  }
  const players = [yield* spawn(() => player(0)), yield* spawn(() => player(1))];
  bells[0].resolve();
  yield* joinEach(players);
}

function* channelPingPong(hops: number): Operation<void> {
  const there = createQueue<number, never>();
  const back = createQueue<number, never>();
  const answering = yield* spawn(function* () {
    for (let i = 0; i < hops / 2; i++) back.add((yield* there.next()).value);
  });
  for (let i = 0; i < hops / 2; i++) {
    there.add(i);
    yield* back.next();
  }
  yield* answering;
}

/** The queue has no limit and its backlog costs, so the producer lets it drain in between. */
const BURST = 128;

function* messages(count: number): Operation<void> {
  const queue = createQueue<number, never>();
  for (let sent = 0; sent < count; sent += BURST) {
    for (let i = 0; i < BURST; i++) queue.add(i);
    for (let i = 0; i < BURST; i++) yield* queue.next();
  }
}

function* spawnAndJoin(count: number, body: (i: number) => Operation<void>): Operation<void> {
  yield* joinEach(yield* spawnEach(count, body));
}

function* spawnEach(
  count: number,
  body: (i: number) => Operation<void>,
): Operation<Task<void>[]> {
  const tasks: Task<void>[] = [];
  for (let i = 0; i < count; i++) tasks.push(yield* spawn(() => body(i)));
  return tasks;
}

function* joinEach(tasks: Task<void>[]): Operation<void> {
  for (const task of tasks) yield* task;
}

function* noAwait(): Operation<void> {}
const sleeping = (i: number) => sleep(delayOf(i));

/** `count` tasks that wait for one operation; what ends their wait, and their end. */
function* idle(count: number) {
  const bell = withResolvers<void>();
  const tasks = yield* spawnEach(count, () => bell.operation);
  yield* sleep(1);
  return { tasks, bell };
}

const run = (body: (count: number) => Operation<void>) => (count: number) =>
  runOperation(() => body(count));
const sleepers = run((count) => spawnAndJoin(count, sleeping));

export const workloads: Workloads = {
  "yield": cpuTime(run(yields)),
  "hop": cpuTime(run(pingPong)),
  "channel-hop": cpuTime(run(channelPingPong)),
  "unbounded": cpuTime(run(messages)),
  "spawn": cpuTime(run((count) => spawnAndJoin(count, noAwait))),
  "spawn-await": cpuTime(run((count) => spawnAndJoin(count, tick))),
  "sleepers": wallTime(sleepers),
  "sleepers-cpu": cpuTime(sleepers),
  "idle-task": heapBytes(async (count) => {
    const { promise, resolve } = Promise.withResolvers<() => void>();
    const task = runOperation(function* () {
      const { tasks, bell } = yield* idle(count);
      tasks.length = 0;
      const released = withResolvers<void>();
      resolve(released.resolve);
      yield* released.operation;
      bell.resolve();
    });
    const release = await promise;
    return async () => {
      release();
      await task;
    };
  }),
  "notified": cpuTime(run(function* (count) {
    const { tasks, bell } = yield* idle(count);
    bell.resolve();
    yield* joinEach(tasks);
  })),
};
