/**
 * Durations and sizes as people write them: `10s`, `64k`.
 *
 * Reading is strict, because a wrong unit is a factor of a thousand: no bare numbers for
 * durations (only `0`, which is the same in every unit), no signs, no blanks, nothing rounded.
 * Writing picks the largest unit in which the value is whole, so that what is written reads back
 * as the same number.
 */
import { expected, found, type Reading } from "./reading.ts";

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60 * MS_PER_SECOND;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const BYTES_PER_K = 1024;
const BYTES_PER_M = 1024 * BYTES_PER_K;
const BYTES_PER_G = 1024 * BYTES_PER_M;

type Unit = readonly [suffix: string, factor: number];

/** Largest first: writing takes the first unit that divides the value. */
const DURATION_UNITS: readonly Unit[] = [
  ["h", MS_PER_HOUR],
  ["m", MS_PER_MINUTE],
  ["s", MS_PER_SECOND],
  ["ms", 1],
];
const SIZE_UNITS: readonly Unit[] = [
  ["g", BYTES_PER_G],
  ["m", BYTES_PER_M],
  ["k", BYTES_PER_K],
  ["", 1],
];

const AMOUNT = /^(\d+)(?:\.(\d{1,6}))?([a-z]*)$/;
const BARE_NUMBER = /^\d{1,9}$/;
/** As many as reading takes; also keeps tiny fractions out of exponent notation. */
const FINEST_DECIMALS = 6;

/** What a duration should look like; completes "expected …". */
export const A_DURATION = "a duration such as 500ms, 10s, 2m or 1h";
/** What a size should look like; completes "expected …". */
export const A_SIZE = "a size such as 512, 64k or 1m, in whole bytes";
const LONGEST_DURATION = `${Math.floor(Number.MAX_SAFE_INTEGER / MS_PER_HOUR)}h`;
const LARGEST_SIZE = `${Math.floor(Number.MAX_SAFE_INTEGER / BYTES_PER_G)}g`;

/**
 * Reads a duration in `ms`, `s`, `m` or `h`, fractions allowed, as milliseconds.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readDuration("1.5s"), { ok: true, value: 1500 });
 * assertEquals(readDuration("10").ok, false);
 * ```
 */
export function readDuration(word: string): Reading<number> {
  const ms = word === "0" ? 0 : amount(word, DURATION_UNITS);
  if (ms === Infinity) return expected(`a duration of at most ${LONGEST_DURATION}`);
  if (ms !== undefined) return found(ms);
  const unitForgotten = BARE_NUMBER.test(word);
  return expected(unitForgotten ? `a duration with its unit, such as ${word}s` : A_DURATION);
}

/**
 * Reads a size in bytes, or in `k`, `m` or `g` of 1024, as a whole number of bytes; `64K` is `64k`.
 *
 * A fraction is fine as long as it is whole in bytes: `1.5k` is 1536, `1.3k` is refused.
 */
export function readSize(word: string): Reading<number> {
  const bytes = amount(word.toLowerCase(), SIZE_UNITS);
  if (bytes === Infinity) return expected(`a size of at most ${LARGEST_SIZE}`);
  return bytes !== undefined && Number.isInteger(bytes) ? found(bytes) : expected(A_SIZE);
}

/** Writes milliseconds the way `readDuration` reads them: `10s`, `500ms`, `0`. */
export function formatDuration(ms: number): string {
  return ms === 0 ? "0" : format(ms, DURATION_UNITS);
}

/** Writes a whole number of bytes the way `readSize` reads them: `64k`, `1m`, `1000`. */
export function formatSize(bytes: number): string {
  return bytes === 0 ? "0" : format(bytes, SIZE_UNITS);
}

/**
 * The value in the smallest unit; undefined for no amount at all, Infinity for one past
 * exactness.
 */
function amount(word: string, units: readonly Unit[]): number | undefined {
  const match = AMOUNT.exec(word);
  const factor = units.find(([suffix]) => suffix === match?.[3])?.[1];
  if (!match || factor === undefined) return undefined;
  const [, whole, decimals = ""] = match;
  // Scaling the digits and dividing once keeps 1.005s at 1005; 1.005 × 1000 would not be.
  const scaled = Number(whole + decimals) * factor;
  return scaled <= Number.MAX_SAFE_INTEGER ? scaled / 10 ** decimals.length : Infinity;
}

function format(value: number, units: readonly Unit[]): string {
  const [suffix, factor] = units.find(([, factor]) => value % factor === 0) ?? units.at(-1)!;
  return `${Number((value / factor).toFixed(FINEST_DECIMALS))}${suffix}`;
}
