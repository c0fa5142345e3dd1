/** The cases as tasks of a given runtime of ours: the plain one, and its variants. */
import { Random } from "../../runtime/collections/random.ts";
import { TimerWheel, WheelEntry } from "../../runtime/collections/timer_wheel.ts";
import {
  type Co,
  type Context,
  Future,
  type JoinHandle,
  mpsc,
  Notify,
  type Poll,
  type Runtime,
  sleep,
  spawn,
  type Spawnable,
  yieldNow,
} from "wakeful/runtime";
import { delayOf, PRODUCERS, ROOM } from "./shapes.ts";
import { cpuTime, heapBytes, wallTime, type Workload, type Workloads } from "./workload.ts";

function* yields(count: number): Co<void> {
  for (let i = 0; i < count; i++) yield* yieldNow();
}

function* pingPong(hops: number): Co<void> {
  const bells = [new Notify(), new Notify()];
  function* player(me: number) {
    for (let i = 0; i < hops / 2; i++) {
      yield* bells[me].notified();
      bells[1 - me].notifyOne();
    }
  }
  const players = [spawn(() => player(0)), spawn(() => player(1))];
  bells[0].notifyOne();
  yield* joinEach(players);
}

function* channelPingPong(hops: number): Co<void> {
  const [there, atThere] = mpsc<number>(1);
  const [back, atBack] = mpsc<number>(1);
  const answering = spawn(function* () {
    for (let i = 0; i < hops / 2; i++) yield* back.send((yield* atThere.recv()) as number);
  });
  for (let i = 0; i < hops / 2; i++) {
    yield* there.send(i);
    yield* atBack.recv();
  }
  yield* answering;
}

function* messages(count: number, producers: number, room: number): Co<void> {
  const [sender, receiver] = mpsc<number>(room);
  const produce = function* () {
    for (let i = 0; i < count / producers; i++) yield* sender.send(i);
  };
  const producing = Array.from({ length: producers }, () => spawn(produce));
  for (let i = 0; i < count; i++) yield* receiver.recv();
  yield* joinEach(producing);
}

function* spawnAndJoin(count: number, body: (i: number) => Spawnable<void>): Co<void> {
  yield* joinEach(Array.from({ length: count }, (_, i) => spawn(body(i))));
}

function* joinEach(handles: JoinHandle<void>[]): Co<void> {
  for (const handle of handles) yield* handle;
}

function* noAwait(): Co<void> {}
function* oneAwait(): Co<void> {
  yield* yieldNow();
}
function* sleepFor(milliseconds: number): Co<void> {
  yield* sleep(milliseconds);
}
/** One generator function for all: to V8 a new `function*` for each task is a new class. */
const sleeping = (i: number) => () => sleepFor(delayOf(i));

function* waiting(bell: Notify): Co<void> {
  yield* bell.notified();
}

/** A future that may be awaited again and again, so that the await alone is measured. */
export class AlwaysReady extends Future<number> {
  poll(_cx: Context): Poll<number> {
    return 1;
  }
}

export function* awaitReady(future: Future<number>, count: number): Co<void> {
  for (let i = 0; i < count; i++) yield* future;
}

/** More than an hour of milliseconds, so that entries lie on all lower levels of the wheel. */
const FURTHEST_TICK = 1 << 22;
/** So many different ticks, drawn beforehand; a power of two. */
const TICKS = 1 << 16;
const SEED = 1;

/** Sets and cancels one more timer, while `live` others stay where they are. */
export function setAndCancel(live: number): Workload {
  const random = new Random(SEED);
  const ticks = Int32Array.from({ length: TICKS }, () => random.below(FURTHEST_TICK));
  const wheel = new TimerWheel<WheelEntry>();
  for (let i = 0; i < live; i++) wheel.set(new WheelEntry(), random.below(FURTHEST_TICK));
  return cpuTime(async (count) => {
    for (let i = 0; i < count; i++) {
      const entry = new WheelEntry();
      wheel.set(entry, ticks[i % TICKS]);
      wheel.cancel(entry);
    }
    await null;
  });
}

/** Every case, on `runtime`. */
export function workloadsOn(runtime: Runtime): Workloads {
  const run = (body: (count: number) => Co<void>) => (count: number) =>
    runtime.blockOn(() => body(count));
  const sleepers = run((count) => spawnAndJoin(count, sleeping));
  return {
    "yield": cpuTime(run(yields)),
    "hop": cpuTime(run(pingPong)),
    "channel-hop": cpuTime(run(channelPingPong)),
    "mpsc": cpuTime(run((count) => messages(count, PRODUCERS, ROOM))),
    "unbounded": cpuTime(run((count) => messages(count, 1, Infinity))),
    "ready": cpuTime(run((count) => awaitReady(new AlwaysReady(), count))),
    "spawn": cpuTime(run((count) => spawnAndJoin(count, () => noAwait))),
    "spawn-await": cpuTime(run((count) => spawnAndJoin(count, () => oneAwait))),
    "sleepers": wallTime(sleepers),
    "sleepers-cpu": cpuTime(sleepers),
    "wheel": setAndCancel(0),
    "idle-task": heapBytes((count) =>
      runtime.blockOn(function* () {
        const bell = new Notify();
        for (let i = 0; i < count; i++) spawn(() => waiting(bell));
        yield* yieldNow();
        return () =>
          runtime.blockOn(function* () {
            bell.notifyAll();
            yield* yieldNow();
          });
      })
    ),
    "notified": cpuTime(run(function* (count) {
      const bell = new Notify();
      const handles = Array.from({ length: count }, () => spawn(() => waiting(bell)));
      yield* yieldNow();
      for (let i = 0; i < count; i++) bell.notifyOne();
      yield* joinEach(handles);
    })),
  };
}

/** Some of the workloads, for a variant. */
export function pick(workloads: Workloads, names: string[]): Workloads {
  return Object.fromEntries(names.map((name) => [name, workloads[name]]));
}
