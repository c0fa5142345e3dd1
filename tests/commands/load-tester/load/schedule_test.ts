import fc from "../../../support/fast_check.ts";
import { Schedule, type Stretch } from "../../../../commands/load-tester/load/schedule.ts";
import { assert, assertEquals } from "../../../support/assert.ts";

const level = (rate: number, duration = Infinity): Stretch => ({ from: rate, to: rate, duration });
const climb = (from: number, to: number, duration: number): Stretch => ({ from, to, duration });

/** When the first requests are due. */
function dues(schedule: Schedule, count: number): number[] {
  return Array.from({ length: count }, (_, i) => schedule.due(i));
}

const anyStretches = fc.array(
  fc.record({
    from: fc.integer({ min: 1, max: 3_000 }),
    to: fc.integer({ min: 1, max: 3_000 }),
    duration: fc.integer({ min: 1, max: 5_000 }),
  }),
  { minLength: 1, maxLength: 4 },
);

Deno.test("schedule: a level rate is due at even distances, without end", () => {
  const schedule = new Schedule([level(4)]);
  assertEquals(dues(schedule, 5), [0, 250, 500, 750, 1_000]);
  assertEquals([schedule.due(4_000_000), schedule.duration], [1_000_000_000, Infinity]);
  assertEquals([0, 1, 250, 251, 1_000].map((at) => schedule.dueBefore(at)), [0, 1, 1, 2, 4]);
});

Deno.test("schedule: above a thousand a second several are due at once", () => {
  assertEquals(dues(new Schedule([level(3_000)]), 7), [0, 0, 0, 1, 1, 1, 2]);
});

Deno.test("schedule: a rate that is seldom due, and one that no millisecond divides", () => {
  assertEquals(dues(new Schedule([level(0.5)]), 3), [0, 2_000, 4_000]);
  assertEquals(dues(new Schedule([level(3)]), 4), [0, 333, 666, 1_000]);
});

Deno.test("schedule: from 0 up the distances shrink, and the area is right", () => {
  const schedule = new Schedule([climb(0, 100, 1_000), level(100)]);
  assertEquals(schedule.dueBefore(1_000), 50);
  assertEquals(dues(schedule, 3), [0, 141, 200]);
  assertEquals([schedule.due(50), schedule.due(51)], [1_000, 1_010]);
});

Deno.test("schedule: steps begin where the last one ended", () => {
  const schedule = new Schedule([level(10, 1_000), level(20, 1_000), level(5, 1_000)]);
  const ends = [1_000, 2_000, 3_000].map((at) => schedule.dueBefore(at));
  assertEquals([ends, schedule.duration], [[10, 30, 35], 3_000]);
  assertEquals([9, 10, 29, 30, 34].map((n) => schedule.stretchOf(n)), [0, 1, 1, 2, 2]);
  assertEquals([10, 11, 30, 31].map((n) => schedule.due(n)), [1_000, 1_050, 2_000, 2_200]);
});

Deno.test("schedule: what rounding puts at the very end is not due", () => {
  const schedule = new Schedule([1.1, 1.3, 0.6].map((rate) => level(rate, 1_000)));
  assertEquals(1.1 + 1.3 + 0.6 > 3, true);
  assertEquals(schedule.dueBefore(3_000), 3);
});

Deno.test("schedule: nothing is due before another, and due() agrees with dueBefore()", () => {
  fc.assert(fc.property(anyStretches, (stretches) => {
    const schedule = new Schedule(stretches);
    const all = schedule.dueBefore(schedule.duration);
    const moments = dues(schedule, all);
    moments.forEach((at, i) => {
      assert(Number.isInteger(at) && at < schedule.duration, `${i} at ${at}`);
      assert(i === 0 || at >= moments[i - 1], `${i} before ${i - 1}`);
    });
    for (let at = 0; at <= schedule.duration; at += 97) {
      assertEquals(schedule.dueBefore(at), moments.filter((due) => due < at).length, `at ${at}`);
    }
  }));
});

Deno.test("schedule: as many are due as the rates say, to one", () => {
  fc.assert(fc.property(anyStretches, (stretches) => {
    const schedule = new Schedule(stretches);
    const area = stretches.reduce(
      (sum, { from, to, duration }) => sum + (from + to) / 2 * duration / 1_000,
      0,
    );
    const due = schedule.dueBefore(schedule.duration);
    assert(Math.abs(due - area) <= 1, `${due} instead of ${area}`);
  }));
});
