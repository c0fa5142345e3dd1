import { Timer } from "wakeful/runtime";
import { TimerQueue } from "../../../runtime/time/timer_queue.ts";
import { assertEquals } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";

/** A queue on a clock that the test sets, and a log of what fired. */
function queue(start = 0) {
  const clock = new ManualClock(start);
  const timers = new TimerQueue(clock);
  const fired: string[] = [];
  const timer = (name: string) =>
    new class extends Timer {
      fire(): void {
        fired.push(name);
      }
    }();
  const turnAt = (time: number) => {
    clock.time = time;
    timers.turn();
    return fired.splice(0).join(" ");
  };
  return { clock, timers, timer, turnAt };
}

Deno.test("TimerQueue: now stands still between turns, read does not", () => {
  const { clock, timers } = queue(100);
  clock.time = 250;
  assertEquals([timers.now, timers.read()], [100, 250]);
  timers.turn();
  assertEquals(timers.now, 250);
});

Deno.test("TimerQueue: fires at the deadline, never before", () => {
  const { timers, timer, turnAt } = queue(1000.3);
  timers.set(timer("a"), 1010);
  assertEquals([turnAt(1009.99), timers.size], ["", 1]);
  assertEquals([turnAt(1010), timers.size], ["a", 0]);
});

Deno.test("TimerQueue: a deadline between two ticks is met by the next one", () => {
  const { timers, timer, turnAt } = queue();
  timers.set(timer("a"), 10.2);
  assertEquals(timers.next(), 11);
  assertEquals([turnAt(10.9), turnAt(11)], ["", "a"]);
});

Deno.test("TimerQueue: fires in the order of the deadlines", () => {
  const { timers, timer, turnAt } = queue();
  for (const deadline of [30, 10, 20]) timers.set(timer(`${deadline}`), deadline);
  assertEquals(timers.next(), 10);
  assertEquals(turnAt(100), "10 20 30");
});

Deno.test("TimerQueue: setting a timer again moves it", () => {
  const { timers, timer, turnAt } = queue();
  const a = timer("a");
  timers.set(a, 10);
  timers.set(a, 20);
  assertEquals([timers.size, turnAt(19), turnAt(20), turnAt(99)], [1, "", "a", ""]);
});

Deno.test("TimerQueue: a cancelled timer does not fire; cancelling again is allowed", () => {
  const { timers, timer, turnAt } = queue();
  const a = timer("a");
  timers.set(a, 10);
  timers.cancel(a);
  timers.cancel(a);
  assertEquals([timers.size, timers.next(), turnAt(99)], [0, Infinity, ""]);
});

Deno.test("TimerQueue: what was set while it was empty for long is neither early nor lost", () => {
  const { timers, timer, turnAt } = queue();
  turnAt(5_000_000);
  timers.set(timer("a"), 5_000_010);
  assertEquals([turnAt(5_000_009), turnAt(5_000_010)], ["", "a"]);
});

Deno.test("TimerQueue: after a long time without timers no deadline lies in the past", () => {
  const { timers, timer, turnAt } = queue();
  turnAt(100);
  timers.set(timer("a"), 101);
  assertEquals(timers.next(), 101);
});

Deno.test("TimerQueue: the time of day is the clock's own, read at once", () => {
  const timers = new TimerQueue({ now: () => 5, wall: () => 1_735_689_600_000 });
  assertEquals(timers.wall(), 1_735_689_600_000);
  timers.pause();
  timers.advance(10);
  assertEquals(timers.wall(), 1_735_689_600_010);
});
