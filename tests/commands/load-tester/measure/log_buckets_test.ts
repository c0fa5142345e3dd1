import fc from "../../../support/fast_check.ts";
import {
  bucketOf,
  BUCKETS,
  middleOf,
  percentileOf,
} from "../../../../commands/load-tester/measure/log_buckets.ts";
import { assert, assertEquals } from "../../../support/assert.ts";

const HALF_AN_HOUR = 2 ** 31 / 1_000;
const WIDTH_SHARE = 1 / 8;
const MICROSECOND = 0.001;

const latency = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: HALF_AN_HOUR, noNaN: true }),
);

Deno.test("log buckets: a longer time is never in a lower bucket", () => {
  fc.assert(fc.property(latency, latency, (one, other) => {
    const [short, long] = [Math.min(one, other), Math.max(one, other)];
    assert(bucketOf(short) <= bucketOf(long));
  }));
});

Deno.test("log buckets: the middle of a bucket lies in it, and near all that does", () => {
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    assertEquals(bucketOf(middleOf(bucket)), bucket);
  }
  fc.assert(fc.property(latency, (ms) => {
    const off = Math.abs(middleOf(bucketOf(ms)) - ms);
    assert(off <= ms * WIDTH_SHARE / 2 + MICROSECOND, `${ms} is off by ${off}`);
  }));
});

Deno.test("log buckets: what is out of range goes into the first or the last", () => {
  assertEquals([bucketOf(-1), bucketOf(0)], [0, 0]);
  assertEquals([bucketOf(1e12), bucketOf(Infinity)], [BUCKETS - 1, BUCKETS - 1]);
});

Deno.test("log buckets: percentiles are those of what was counted, to the width of a bucket", () => {
  const some = fc.array(latency, { minLength: 1, maxLength: 100 });
  fc.assert(fc.property(some, fc.integer({ min: 1, max: 100 }), (values, percent) => {
    const counts = new Uint32Array(BUCKETS);
    for (const value of values) counts[bucketOf(value)]++;
    const sorted = values.toSorted((a, b) => a - b);
    const exact = sorted[Math.ceil(sorted.length * percent / 100) - 1];
    assertEquals(percentileOf(counts, percent), middleOf(bucketOf(exact)));
  }));
  assertEquals(percentileOf(new Uint32Array(BUCKETS), 50), 0);
});
