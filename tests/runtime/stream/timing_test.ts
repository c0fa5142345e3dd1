import { End, now, Pending, sleep, stream, TimedOut, timeout } from "wakeful/runtime";
import { ask } from "../../support/ask.ts";
import { assert, assertEquals, assertFalse, assertThrows } from "../../support/assert.ts";
import { FakeItems } from "../../support/fake_items.ts";
import { FakeLoop } from "../../support/fake_loop.ts";
import { handPoll } from "../../support/hand_poll.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";

/** A stream with a limit of ten milliseconds on every item. */
function limited() {
  const loop = new FakeLoop();
  const source = new FakeItems<string>();
  return { loop, source, items: source.stream.timeout(10) };
}

Deno.test("throttle: the first item comes at once, the others so long after the one before", () => {
  using virtual = new VirtualRuntime();
  const times = virtual.run(() => stream.from("abc").throttle(10).map(() => now()).collect());
  assertEquals(times, [0, 10, 20]);
  assertEquals(virtual.clock.time, 30, "the end is asked for like an item");
  assertEquals(virtual.runtime.statistics().timers, 0);
});

Deno.test("throttle: a source that works only when it is asked rests meanwhile", () => {
  using virtual = new VirtualRuntime();
  const slow = stream.generate<number>(function* (emit) {
    for (;;) {
      yield* sleep(15);
      yield* emit(now());
    }
  });
  assertEquals(virtual.run(() => slow.throttle(10).take(3).collect()), [15, 40, 65]);
});

Deno.test("throttle: an item that comes late is not held back", () => {
  const loop = new FakeLoop();
  const source = new FakeItems<string>();
  const slow = source.stream.throttle(10);
  assertEquals(ask(slow, loop), Pending);
  source.give("a");
  assertEquals(ask(slow, loop), "a");
});

Deno.test("throttle: the source is not asked during the rest; dropping leaves no timer", () => {
  const loop = new FakeLoop();
  const source = new FakeItems<string>().give("a", "b");
  const slow = source.stream.throttle(10);
  assertEquals([ask(slow, loop), ask(slow, loop), source.polls], ["a", Pending, 1]);
  assertEquals(loop.timers.size, 1);
  slow.drop();
  assertEquals([source.dropped, loop.timers.size], [1, 0]);
});

Deno.test("timeout: an item in time is given, and no timer is left", () => {
  const { loop, source, items } = limited();
  const next = handPoll(items.next(), loop);
  next.assertPending();
  loop.advance(9);
  source.give("a");
  next.assertReady("a");
  assertEquals([loop.timers.size, ask(items, loop)], [0, Pending]);
});

Deno.test("timeout: when an item is late the source is dropped, TimedOut thrown, the stream ended", () => {
  const { loop, source, items } = limited();
  const next = handPoll(items.next(), loop);
  next.assertPending();
  loop.advance(9);
  assertFalse(next.woken);
  loop.advance(1);
  assert(next.woken);
  assertThrows(() => next.poll(), TimedOut, "10 ms of waiting for the next item");
  assertEquals([source.dropped, loop.timers.size, ask(items, loop)], [1, 0, End]);
});

Deno.test("timeout: counts from the moment an item is asked for, not while nobody asks", () => {
  const { loop, source, items } = limited();
  source.give("a");
  assertEquals(ask(items, loop), "a");
  loop.advance(100);
  assertEquals([ask(items, loop), loop.timers.size], [Pending, 1]);
});

Deno.test("timeout: around one next() instead, the stream goes on", () => {
  using virtual = new VirtualRuntime();
  const seen = virtual.run(function* () {
    const source = new FakeItems<string>();
    const items = source.stream;
    try {
      yield* timeout(10, items.next());
    } catch {
      source.give("late");
    }
    return yield* items.next();
  });
  assertEquals(seen, "late");
});

Deno.test("throttle, timeout: a time that is none is refused, and the stream stays usable", () => {
  const items = stream.once("a");
  assertThrows(() => items.throttle(NaN), RangeError, "milliseconds");
  assertThrows(() => items.timeout(NaN), RangeError, "milliseconds");
  assertEquals(ask(items), "a");
});
