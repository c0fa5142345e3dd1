import { TimerWheel, WheelEntry } from "../../../runtime/collections/timer_wheel.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";

/** An entry with a name to recognise it by. */
class Named extends WheelEntry {
  constructor(readonly name: string) {
    super();
  }
}

/** A wheel, and a `due` that advances it and answers the names of what expired, in order. */
function wheel(start = 0) {
  const timers = new TimerWheel<Named>(start);
  const set = (name: string, tick: number) => {
    const entry = new Named(name);
    timers.set(entry, tick);
    return entry;
  };
  const due = (tick: number) => {
    const names: string[] = [];
    timers.advance(tick, (entry) => names.push(entry.name));
    return names.join(" ");
  };
  return { timers, set, due };
}

Deno.test("TimerWheel: an entry expires at its tick, not before, and once", () => {
  const { timers, set, due } = wheel();
  set("a", 10);
  assertEquals([due(9), timers.size], ["", 1]);
  assertEquals([due(10), timers.size], ["a", 0]);
  assertEquals(due(1000), "");
});

Deno.test("TimerWheel: a jump hands over all that it passes, earliest first", () => {
  const { set, due } = wheel();
  const ticks = [70_000, 3, 64, 5000, 63, 4096, 262_144];
  for (const tick of ticks) set(`${tick}`, tick);
  assertEquals(due(300_000), "3 63 64 4096 5000 70000 262144");
});

for (const level of [0, 1, 2, 3, 4, 5]) {
  const width = 64 ** level;
  Deno.test(`TimerWheel: level ${level} expires exactly, one tick around each slot's edge`, () => {
    for (const tick of [width - 1, width, width + 1, 63 * width, 64 * width - 1]) {
      const { set, due } = wheel(5);
      const at = Math.max(tick, 6);
      set("a", at);
      assertEquals([due(at - 1), due(at)], ["", "a"]);
    }
  });
}

Deno.test("TimerWheel: a tick that has passed expires with the next advance", () => {
  const { timers, set, due } = wheel(100);
  set("late", 5);
  assertEquals(timers.next(), 100);
  assertEquals(due(100), "late");
});

Deno.test("TimerWheel: an entry beyond its span still expires at its tick", () => {
  const { timers, set, due } = wheel();
  const far = 3 * 64 ** 6 + 12_345;
  set("far", far);
  for (let steps = 0; timers.next() < far; steps++) {
    assert(steps < 20, "it takes few steps");
    assertEquals(due(timers.next()), "");
  }
  assertEquals([due(far - 1), due(far)], ["", "far"]);
});

Deno.test("TimerWheel: an entry at infinity never expires and can be cancelled", () => {
  const { timers, set, due } = wheel();
  const never = set("never", Infinity);
  assertEquals(due(64 ** 7), "");
  assert(timers.cancel(never));
  assertEquals(timers.next(), Infinity);
});

Deno.test("TimerWheel: a cancelled entry does not expire; cancelling again answers false", () => {
  const { timers, set, due } = wheel();
  const entry = set("a", 10);
  set("b", 10);
  assert(timers.cancel(entry));
  assertFalse(timers.cancel(entry));
  assertEquals([timers.size, due(10)], [1, "b"]);
});

Deno.test("TimerWheel: an entry moved later keeps its slot and expires at its new tick", () => {
  const { timers, set, due } = wheel();
  const entry = set("a", 10);
  const slot = entry.slot;
  timers.set(entry, 200);
  assertEquals([entry.slot, timers.size], [slot, 1]);
  assertEquals([due(199), due(200)], ["", "a"]);
});

Deno.test("TimerWheel: an entry moved later and then earlier expires at the last tick", () => {
  const { timers, set, due } = wheel();
  const entry = set("a", 10);
  timers.set(entry, 200);
  timers.set(entry, 50);
  timers.set(entry, 7);
  assertEquals([due(6), due(7), timers.size], ["", "a", 0]);
});

Deno.test("TimerWheel: what is set while others expire waits for the next advance", () => {
  const { timers } = wheel();
  const entry = new Named("again");
  let expired = 0;
  timers.set(entry, 5);
  const again = () => {
    expired++;
    timers.set(entry, 5);
  };
  timers.advance(5, again);
  assertEquals([expired, timers.size, timers.next()], [1, 1, 6]);
  timers.advance(6, again);
  assertEquals(expired, 2);
});

Deno.test("TimerWheel: what is cancelled while others expire does not expire", () => {
  const { timers, set } = wheel();
  const [a, b] = [set("a", 5), set("b", 5)];
  const seen: string[] = [];
  timers.advance(9, (entry) => {
    seen.push(entry.name);
    timers.cancel(entry === a ? b : a);
  });
  assertEquals([seen, timers.size], [["a"], 0]);
});

Deno.test("TimerWheel: what is moved later while others expire waits for its new tick", () => {
  const { timers, set, due } = wheel();
  set("a", 5);
  const b = set("b", 6);
  timers.advance(9, () => timers.set(b, 30));
  assertEquals([timers.size, due(29), due(30)], [1, "", "b"]);
});

Deno.test("TimerWheel: next is infinite when nothing is set, and exact at the lowest level", () => {
  const { timers, set } = wheel(3);
  assertEquals(timers.next(), Infinity);
  set("b", 40);
  set("a", 17);
  assertEquals(timers.next(), 17);
});

Deno.test("TimerWheel: advancing to the past changes nothing", () => {
  const { timers, set, due } = wheel(50);
  set("a", 60);
  assertEquals([due(10), timers.next(), due(60)], ["", 60, "a"]);
});
