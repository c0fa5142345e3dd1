/** Values of the same thing, measured several times. */
export interface Sample {
  readonly mean: number;
  readonly variance: number;
  readonly count: number;
}

/** Student's t for a two-sided 99 % interval, by degrees of freedom from 1 up. */
const T_99 = [
  63.657,
  9.925,
  5.841,
  4.604,
  4.032,
  3.707,
  3.499,
  3.355,
  3.25,
  3.169,
  3.106,
  3.055,
  3.012,
  2.977,
  2.947,
  2.921,
  2.898,
  2.878,
  2.861,
  2.845,
];
const T_99_MANY = 2.576;

export function sample(values: readonly number[]): Sample {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: count > 1 ? squares / (count - 1) : 0, count };
}

/**
 * How far two means may lie apart by chance: half of the 99 % interval of their difference, with
 * Welch's degrees of freedom (B. L. Welch, "The generalization of Student's problem when several
 * different population variances are involved", 1947). Both need at least two values.
 */
export function noise(one: Sample, other: Sample): number {
  const a = one.variance / one.count;
  const b = other.variance / other.count;
  if (a + b === 0) return 0;
  const freedom = (a + b) ** 2 / (a ** 2 / (one.count - 1) + b ** 2 / (other.count - 1));
  const t = T_99[Math.max(0, Math.floor(freedom) - 1)] ?? T_99_MANY;
  return t * Math.sqrt(a + b);
}
