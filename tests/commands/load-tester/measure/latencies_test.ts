import fc from "../../../support/fast_check.ts";
import { Latencies } from "../../../../commands/load-tester/measure/latencies.ts";
import { assert, assertEquals } from "../../../support/assert.ts";

const PERCENTS = [0.1, 10, 50, 75, 90, 99, 99.9, 100];
const MICROSECOND = 0.001;

function latenciesOf(values: readonly number[]): Latencies {
  const latencies = new Latencies();
  for (const value of values) latencies.record(value);
  return latencies;
}

/** Everything there is to be read. */
function readings(latencies: Latencies): number[] {
  const { count, mean, stdev, max } = latencies;
  return [count, mean, stdev, max, ...PERCENTS.map((percent) => latencies.percentile(percent))];
}

function assertClose(actual: number, expected: number, tolerance: number): void {
  assert(Math.abs(actual - expected) <= tolerance, `${actual} is not near ${expected}`);
}

const someLatencies = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});

Deno.test("latencies: every percentile is within three digits of the value that has that rank", () => {
  fc.assert(fc.property(someLatencies, (values) => {
    const latencies = latenciesOf(values);
    const sorted = values.toSorted((a, b) => a - b);
    for (const percent of PERCENTS) {
      const exact = sorted[Math.max(0, Math.ceil(sorted.length * percent / 100) - 1)];
      assertClose(latencies.percentile(percent), exact, exact / 1_000 + MICROSECOND);
    }
  }));
});

Deno.test("latencies: count, mean, deviation and the longest are exact", () => {
  const latencies = latenciesOf([2, 4, 4, 4, 5, 5, 7, 9.0625]);
  assertEquals([latencies.count, latencies.max], [8, 9.0625]);
  assertClose(latencies.mean, 40.0625 / 8, 1e-9);
  assertClose(latenciesOf([2, 4, 4, 4, 5, 5, 7, 9]).stdev, 2, 1e-9);
});

Deno.test("latencies: of none everything is 0", () => {
  assertEquals(readings(new Latencies()), readings(new Latencies()).map(() => 0));
  assertEquals(new Latencies().bars([1, 2]), [
    { from: 0, to: 1, count: 0 },
    { from: 1, to: 2, count: 0 },
  ]);
});

Deno.test("latencies: what was measured in two is the same as in one", () => {
  fc.assert(fc.property(someLatencies, someLatencies, (some, others) => {
    const sum = latenciesOf(some);
    sum.add(latenciesOf(others));
    const whole = latenciesOf([...some, ...others]);
    readings(sum).forEach((value, i) => assertClose(value, readings(whole)[i], 1e-6));
  }));
});

Deno.test("latencies: what was added can be taken away, and what took no time is easily recorded", () => {
  fc.assert(fc.property(someLatencies, someLatencies, (some, others) => {
    const rest = latenciesOf([...some, ...others]);
    rest.subtract(latenciesOf(others));
    const whole = latenciesOf(some);
    assertEquals(rest.count, whole.count);
    assertClose(rest.mean, whole.mean, 1e-6);
    assertClose(rest.max, whole.max, whole.max / 1_000 + MICROSECOND);
  }));
  const none = latenciesOf([5]);
  none.subtract(latenciesOf([5]));
  assertEquals(readings(none), readings(new Latencies()));
  const latencies = latenciesOf([4]);
  latencies.recordNothing(3);
  latencies.recordNothing(0);
  assertEquals([latencies.count, latencies.mean, latencies.percentile(75)], [4, 1, 0]);
});

Deno.test("latencies: they come back from another thread as they went", () => {
  fc.assert(fc.property(someLatencies, (values) => {
    const latencies = latenciesOf(values);
    const decoded = Latencies.decode(structuredClone(latencies.encode()));
    assertEquals(readings(decoded), readings(latencies));
  }));
  assertEquals(readings(Latencies.decode(new Latencies().encode())), readings(new Latencies()));
});

Deno.test("latencies: bars share everything up to the last bound, each once", () => {
  const latencies = latenciesOf([0, 1, 1.5, 2, 3, 10]);
  assertEquals(latencies.bars([1, 2, 4]).map(({ count }) => count), [2, 2, 1]);
  fc.assert(fc.property(someLatencies, fc.integer({ min: 1, max: 20 }), (values, count) => {
    const latencies = latenciesOf(values);
    const bounds = Array.from({ length: count }, (_, i) => latencies.max * (i + 1) / count);
    const bars = latencies.bars(bounds);
    assertEquals(bars.reduce((sum, bar) => sum + bar.count, 0), values.length);
  }));
});

Deno.test("latencies: more than an hour counts as an hour, and the longest is still exact", () => {
  const latencies = latenciesOf([7_200_000]);
  assertClose(latencies.percentile(50), 3_600_000, 3_600);
  assertEquals(latencies.max, 7_200_000);
});

Deno.test("latencies: a clock that ran backwards counts as no time at all", () => {
  assertEquals(latenciesOf([-0.5]).percentile(99), 0);
});
