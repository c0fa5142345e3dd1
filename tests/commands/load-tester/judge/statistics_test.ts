import fc from "../../../support/fast_check.ts";
import { noise, sample } from "../../../../commands/load-tester/judge/statistics.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { seeded } from "../../../support/random.ts";

function assertNear(actual: number, expected: number): void {
  assert(Math.abs(actual - expected) < 1e-3, `${actual} is not near ${expected}`);
}

Deno.test("statistics: mean and variance of a sample", () => {
  assertEquals(sample([2, 4, 4, 4, 5, 5, 7, 9]), { mean: 5, variance: 32 / 7, count: 8 });
  assertEquals(sample([3]), { mean: 3, variance: 0, count: 1 });
});

Deno.test("statistics: noise is half of Welch's 99 % interval", () => {
  // n = 5 each, variances 2.5: 8 degrees of freedom, t = 3.355, a standard error of 1.
  assertNear(noise(sample([1, 2, 3, 4, 5]), sample([11, 12, 13, 14, 15])), 3.355);
  // n = 3, variance 1, and a constant: 2 degrees of freedom, t = 9.925.
  assertNear(noise(sample([1, 2, 3]), sample([7, 7, 7])), 9.925 / Math.sqrt(3));
  // two values each: 2 degrees of freedom
  assertNear(noise(sample([0, 2]), sample([0, 2])), 9.925 * Math.sqrt(2));
  const many = Array.from({ length: 100 }, (_, i) => i % 2);
  assertNear(noise(sample(many), sample(many)), 2.576 * Math.sqrt(2 * 25 / 99 / 100));
});

Deno.test("statistics: what never varies has no noise", () => {
  assertEquals(noise(sample([5, 5, 5]), sample([5, 5])), 0);
});

Deno.test("statistics: the noise is the same from both sides", () => {
  const values = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), {
    minLength: 2,
    maxLength: 12,
  });
  fc.assert(fc.property(values, values, (one, other) => {
    assertNear(noise(sample(one), sample(other)), noise(sample(other), sample(one)));
  }));
});

Deno.test("statistics: two samples of the same thing lie within the noise, but for about 1 %", () => {
  const draw = seeded(7);
  /** Nearly normal: the sum of twelve even draws. */
  const value = () => Array.from({ length: 12 }, () => draw(0, 1_000)).reduce((a, b) => a + b, 0);
  const some = () => sample(Array.from({ length: 5 }, value));
  let outside = 0;
  for (let i = 0; i < 2_000; i++) {
    const [one, other] = [some(), some()];
    if (Math.abs(one.mean - other.mean) > noise(one, other)) outside++;
  }
  assert(outside > 2 && outside < 40, `${outside} of 2000`);
});
