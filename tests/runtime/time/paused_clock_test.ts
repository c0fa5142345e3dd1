import { Misuse } from "wakeful/runtime";
import { PausableClock } from "../../../runtime/time/paused_clock.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";

function clocks() {
  const source = new ManualClock(100);
  return { source, clock: new PausableClock(source) };
}

Deno.test("PausableClock: shows its source's time until it is paused, and the pause's from then on", () => {
  const { source, clock } = clocks();
  source.time = 110;
  assertEquals([clock.now(), clock.wall(), clock.paused], [110, 110, false]);
  clock.pause();
  source.time = 150;
  clock.pause();
  assertEquals([clock.now(), clock.wall(), clock.paused], [110, 110, true]);
});

Deno.test("PausableClock: goes on from where it stands, after any number of pauses", () => {
  const { source, clock } = clocks();
  for (const shown of [100, 101]) {
    clock.pause();
    source.time += 40;
    clock.resume();
    clock.resume();
    assertEquals(clock.now(), shown);
    source.time += 1;
  }
  assertEquals(clock.now(), 102);
});

Deno.test("PausableClock: advances by hand, both times alike, and keeps that when it goes on", () => {
  const { source, clock } = clocks();
  clock.pause();
  clock.advance(5);
  assertEquals([clock.now(), clock.wall()], [105, 105]);
  clock.resume();
  source.time += 1;
  assertEquals(clock.now(), 106);
});

Deno.test("PausableClock: stops at a whole millisecond, and never goes back", () => {
  const { source, clock } = clocks();
  source.time = 100.25;
  clock.pause();
  assertEquals(clock.now(), 101);
  clock.resume();
  assertEquals(clock.now(), 101);
});

Deno.test("PausableClock: a running one cannot be advanced, none can go back", () => {
  const { clock } = clocks();
  assertThrows(() => clock.advance(1), Misuse, "pause() it first");
  clock.pause();
  assertThrows(() => clock.advance(-1), RangeError, "from 0 up");
  assertThrows(() => clock.advance(NaN), RangeError, "NaN");
});
