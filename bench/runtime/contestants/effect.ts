/** Fibers of Effect. */
import { Deferred, Effect, Fiber, Queue } from "effect";
import { delayOf, PRODUCERS, ROOM } from "../shapes.ts";
import { cpuTime, heapBytes, wallTime, type Workloads } from "../workload.ts";

const yields = Effect.fn(function* (count: number) {
  for (let i = 0; i < count; i++) yield* Effect.yieldNow;
});

const pingPong = Effect.fn(function* (hops: number) {
  const bells = [yield* Deferred.make<void>(), yield* Deferred.make<void>()];
  const player = Effect.fn(function* (me: number) {
    for (let i = 0; i < hops / 2; i++) {
      yield* Deferred.await(bells[me]);
      bells[me] = yield* Deferred.make<void>();
      yield* Deferred.succeed(bells[1 - me], undefined);
    }
  });
  const players = [yield* Effect.forkChild(player(0)), yield* Effect.forkChild(player(1))];
  yield* Deferred.succeed(bells[0], undefined);
  yield* joinEach(players);
});

const channelPingPong = Effect.fn(function* (hops: number) {
  const there = yield* Queue.bounded<number>(1);
  const back = yield* Queue.bounded<number>(1);
  const answering = yield* Effect.forkChild(Effect.gen(function* () {
    for (let i = 0; i < hops / 2; i++) yield* Queue.offer(back, yield* Queue.take(there));
  }));
  for (let i = 0; i < hops / 2; i++) {
    yield* Queue.offer(there, i);
    yield* Queue.take(back);
  }
  yield* Fiber.join(answering);
});

const messages = Effect.fn(
  function* (count: number, producers: number, make: Effect.Effect<Queue.Queue<number>>) {
    const queue = yield* make;
    const produce = Effect.gen(function* () {
      for (let i = 0; i < count / producers; i++) yield* Queue.offer(queue, i);
    });
    const producing = yield* forkEach(producers, () => produce);
    for (let i = 0; i < count; i++) yield* Queue.take(queue);
    yield* joinEach(producing);
  },
);

const spawnAndJoin = Effect.fn(
  function* (count: number, body: (i: number) => Effect.Effect<void>) {
    yield* joinEach(yield* forkEach(count, body));
  },
);

const forkEach = Effect.fn(
  function* (count: number, body: (i: number) => Effect.Effect<void>) {
    const fibers: Fiber.Fiber<void>[] = [];
    for (let i = 0; i < count; i++) fibers.push(yield* Effect.forkDetach(body(i)));
    return fibers;
  },
);

const joinEach = Effect.fn(function* (fibers: Fiber.Fiber<void>[]) {
  for (const fiber of fibers) yield* Fiber.join(fiber);
});

const noAwait = Effect.gen(function* () {});
const oneAwait = Effect.gen(function* () {
  yield* Effect.yieldNow;
});
const sleeping = (i: number) => Effect.sleep(delayOf(i));

/** `count` fibers that wait for one deferred; what ends their wait, and their end. */
const idle = Effect.fn(function* (count: number) {
  const bell = yield* Deferred.make<void>();
  const wait = Effect.gen(function* () {
    yield* Deferred.await(bell);
  });
  const fibers = yield* forkEach(count, () => wait);
  yield* Effect.sleep(1);
  return { fibers, ring: Deferred.succeed(bell, undefined) };
});

const run = (body: (count: number) => Effect.Effect<void>) => (count: number) =>
  Effect.runPromise(body(count));
const sleepers = run((count) => spawnAndJoin(count, sleeping));

export const workloads: Workloads = {
  "yield": cpuTime(run(yields)),
  "hop": cpuTime(run(pingPong)),
  "channel-hop": cpuTime(run(channelPingPong)),
  "mpsc": cpuTime(run((count) => messages(count, PRODUCERS, Queue.bounded<number>(ROOM)))),
  "unbounded": cpuTime(run((count) => messages(count, 1, Queue.unbounded<number>()))),
  "spawn": cpuTime(run((count) => spawnAndJoin(count, () => noAwait))),
  "spawn-await": cpuTime(run((count) => spawnAndJoin(count, () => oneAwait))),
  "sleepers": wallTime(sleepers),
  "sleepers-cpu": cpuTime(sleepers),
  "idle-task": heapBytes(async (count) => {
    const { fibers, ring } = await Effect.runPromise(idle(count));
    const joined = joinEach([...fibers]);
    fibers.length = 0;
    return () => Effect.runPromise(Effect.andThen(ring, joined));
  }),
  "notified": cpuTime(run(Effect.fn(function* (count) {
    const { fibers, ring } = yield* idle(count);
    yield* ring;
    yield* joinEach(fibers);
  }))),
};
