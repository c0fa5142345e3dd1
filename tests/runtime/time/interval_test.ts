import {
  Busy,
  interval,
  type IntervalOptions,
  MovedOn,
  moveOnAfter,
  OutsideRuntime,
  Pending,
  PolledAfterReady,
  race,
  sleep,
} from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** An interval of ten milliseconds, and its next tick polled by hand. */
function ticking(options?: IntervalOptions, period = 10) {
  const loop = new FakeLoop();
  const ticks = loop.inside(() => interval(period, options));
  return { loop, ticks, next: () => handPoll(ticks.tick(), loop) };
}

Deno.test("interval: the first tick is due at once, the others a period apart", () => {
  const { loop, next, ticks } = ticking();
  next().assertReady(0);
  const second = next();
  second.assertPending();
  loop.advance(9);
  assertFalse(second.woken);
  loop.advance(1);
  assert(second.woken);
  second.assertReady(10);
  assertEquals([ticks.period, loop.timers.size, second.kept], [10, 0, 0]);
});

Deno.test("interval: at once means at once, however long ago the turn began", () => {
  const loop = new FakeLoop();
  loop.clock.time = 7;
  const ticks = loop.inside(() => interval(10));
  handPoll(ticks.tick(), loop).assertReady(7);
});

Deno.test("interval: immediate: false puts the first tick off by one period", () => {
  const { loop, next } = ticking({ immediate: false });
  const first = next();
  first.assertPending();
  loop.advance(10);
  first.assertReady(10);
});

Deno.test("interval: what is done between two ticks does not put the next one off", () => {
  using virtual = new VirtualRuntime();
  const dues = virtual.run(function* () {
    const ticks = interval(10);
    const dues: number[] = [];
    for (let i = 0; i < 4; i++) {
      dues.push(yield* ticks.tick());
      yield* sleep(7);
    }
    return dues;
  });
  assertEquals(dues, [0, 10, 20, 30]);
});

/** When the ticks are due that follow one which is answered at 35 instead of 10. */
const AFTER_A_LATE_ONE: [IntervalOptions["missed"], number[]][] = [
  [undefined, [20, 30, 40, 50]],
  ["burst", [20, 30, 40, 50]],
  ["delay", [45, 55, 65, 75]],
  ["skip", [40, 50, 60, 70]],
];

for (const [missed, expected] of AFTER_A_LATE_ONE) {
  Deno.test(`interval: after a missed tick ${missed ?? "the default"} goes on at ${expected}`, () => {
    const { loop, next } = ticking({ missed });
    next().assertReady(0);
    loop.advance(35);
    next().assertReady(10);
    for (const due of expected) {
      if (loop.clock.time < due) loop.advance(due - loop.clock.time);
      next().assertReady(due);
    }
  });
}

for (const missed of ["burst", "delay", "skip"] as const) {
  Deno.test(`interval: 5 ms late is not missed for ${missed}, more is`, () => {
    const { loop, next, ticks } = ticking({ missed });
    next().assertReady(0);
    loop.advance(15);
    next().assertReady(10);
    loop.advance(5);
    next().assertReady(20);
    loop.advance(15.5);
    next().assertReady(30);
    ticks.reset(0);
    next().assertReady(35.5);
  });
}

Deno.test("interval: skip, exactly one period late, goes on at the period after that", () => {
  const { loop, next } = ticking({ missed: "skip" });
  loop.advance(10);
  next().assertReady(0);
  const second = next();
  second.assertPending();
  loop.advance(10);
  second.assertReady(20);
});

Deno.test("interval: a tick that is dropped is still to come", () => {
  const { loop, next } = ticking();
  next().assertReady(0);
  for (let i = 0; i < 3; i++) {
    const tick = next();
    tick.assertPending();
    tick.drop();
    tick.drop();
    assertEquals([tick.kept, loop.timers.size], [0, 0]);
    loop.advance(1);
  }
  loop.advance(7);
  next().assertReady(10);
});

Deno.test("interval: a tick that came due before it was dropped is still to come", () => {
  const { loop, next } = ticking();
  next().assertReady(0);
  const tick = next();
  tick.assertPending();
  loop.advance(10);
  assert(tick.woken);
  tick.drop();
  next().assertReady(10);
});

Deno.test("interval: in a race it keeps its rhythm, whoever wins", () => {
  using virtual = new VirtualRuntime();
  const ends = virtual.run(function* () {
    const ticks = interval(10);
    const seen: (number | void)[] = [];
    while (virtual.clock.time < 30) seen.push(yield* race<number | void>(sleep(4), ticks.tick()));
    return seen.filter((due) => due !== undefined);
  });
  assertEquals(ends, [0, 10, 20, 30]);
});

Deno.test("interval: a tick makes no new future, and one that has answered is not polled again", () => {
  const { loop, ticks } = ticking();
  const tick = ticks.tick();
  handPoll(tick, loop).assertReady(0);
  assertThrows(() => handPoll(tick, loop).poll(), PolledAfterReady, "an interval's tick()");
  assert(ticks.tick() === tick);
});

Deno.test("interval: a second task that waits for a tick at the same time is refused", () => {
  const { loop, next } = ticking({ immediate: false });
  const [mine, other] = [next(), next()];
  mine.assertPending();
  assertThrows(() => other.poll(), Busy, "an interval's tick()");
  other.drop();
  loop.advance(10);
  assert(mine.woken);
  mine.assertReady(10);
});

Deno.test("Interval.reset: the next tick is one period from now, and its timer goes along", () => {
  const { loop, next, ticks } = ticking();
  next().assertReady(0);
  const tick = next();
  tick.assertPending();
  loop.advance(6);
  ticks.reset();
  loop.advance(9);
  assertFalse(tick.woken);
  loop.advance(1);
  assert(tick.woken);
  tick.assertReady(16);
  loop.advance(10);
  next().assertReady(26);
});

Deno.test("Interval.reset: in the tick it fires, before that is answered, it is put off", () => {
  const { loop, next, ticks } = ticking();
  next().assertReady(0);
  const tick = next();
  tick.assertPending();
  loop.advance(10);
  assert(tick.woken);
  ticks.reset();
  tick.assertPending();
  loop.advance(10);
  assertEquals([tick.wakes, loop.timers.size], [1, 0]);
  tick.assertReady(20);
});

Deno.test("Interval.reset: in the tick it fires, by a waiter that does not poll again", () => {
  const { loop, next, ticks } = ticking();
  next().assertReady(0);
  const tick = next();
  tick.assertPending();
  loop.advance(10);
  ticks.reset(5);
  loop.advance(5);
  assertEquals(tick.wakes, 2);
  tick.assertReady(15);
});

Deno.test("Interval.reset: nearer than before it wakes earlier", () => {
  const { loop, next, ticks } = ticking({ immediate: false }, 1_000);
  const tick = next();
  tick.assertPending();
  ticks.reset(1);
  loop.advance(1);
  assert(tick.woken);
  tick.assertReady(1);
  assertThrows(() => ticks.reset(NaN), RangeError, "got NaN");
});

Deno.test("interval: a task that is aborted in the tick of its timer leaves nothing", () => {
  using virtual = new VirtualRuntime();
  const heart = virtual.spawn(function* () {
    const ticks = interval(10, { immediate: false });
    for (;;) yield* ticks.tick();
  });
  virtual.spawn(function* () {
    yield* sleep(10);
    heart.abort();
  });
  virtual.advance(10);
  assert(heart.isFinished());
  assertEquals(virtual.runtime.statistics(), { tasks: 0, timers: 0, registrations: 0 });
});

Deno.test("interval: under a limit it ticks until that passes", () => {
  using virtual = new VirtualRuntime();
  let beats = 0;
  const end = virtual.run(function* () {
    return yield* moveOnAfter(35, function* () {
      const ticks = interval(10);
      for (;; beats++) yield* ticks.tick();
    });
  });
  assertEquals([end, beats, virtual.runtime.statistics().timers], [MovedOn, 4, 0]);
});

Deno.test("interval: for ever is a period, too", () => {
  for (const missed of ["burst", "delay", "skip"] as const) {
    const { loop, next } = ticking({ missed }, Infinity);
    loop.advance(50);
    next().assertReady(0);
    assertEquals(next().poll(), Pending);
  }
});

for (const wrong of [0, -1, NaN]) {
  Deno.test(`interval: ${wrong} is no period`, () => {
    assertThrows(() => ticking({}, wrong), RangeError, `got ${wrong}`);
  });
}

Deno.test("interval: outside a task it is an error", () => {
  assertThrows(() => interval(1), OutsideRuntime);
});
