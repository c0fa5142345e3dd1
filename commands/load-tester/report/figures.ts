/** How figures are written for people: few digits, the unit that fits. */

const MS_PER_SECOND = 1_000;
const US_PER_MS = 1_000;
const SECONDS_PER_MINUTE = 60;
const BYTE_UNITS = ["B", "KB", "MB", "GB", "TB"];
const BYTES_PER_UNIT = 1_000;
const HUNDRED = 100;

/** `850µs`, `4.2ms`, `1.25s`, `2m 5s`: rounded first, so that nothing is `1000ms` or `2m 60s`. */
export function duration(ms: number): string {
  if (ms === 0) return "0ms";
  const us = Math.round(ms * US_PER_MS);
  if (us < US_PER_MS) return `${us}µs`;
  const milliseconds = rounded(ms, 1);
  if (milliseconds < MS_PER_SECOND) return `${milliseconds}ms`;
  const seconds = rounded(ms / MS_PER_SECOND, 2);
  if (seconds < 2 * SECONDS_PER_MINUTE) return `${seconds}s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / SECONDS_PER_MINUTE)}m ${whole % SECONDS_PER_MINUTE}s`;
}

/** As {@link duration}, but with three digits, for what has to be told apart: `4.21ms`. */
export function threeDigits(ms: number): string {
  if (ms === 0 || ms < 1) return duration(ms);
  if (ms < MS_PER_SECOND) return `${Number(ms.toPrecision(3))}ms`;
  return `${Number((ms / MS_PER_SECOND).toPrecision(3))}s`;
}

/** `1.4 MB`, in thousands. */
export function bytes(count: number): string {
  let unit = 0;
  while (rounded(count, 2) >= BYTES_PER_UNIT && unit < BYTE_UNITS.length - 1) {
    count /= BYTES_PER_UNIT;
    unit++;
  }
  return `${digits(count, 2)} ${BYTE_UNITS[unit]}`;
}

/** `12.5%`. */
export function percent(share: number): string {
  return `${digits(share * HUNDRED, 2)}%`;
}

/** Two decimals, as a rate is written. */
export function rate(perSecond: number): string {
  return `${perSecond.toFixed(2)} req/s`;
}

/** With so many decimals at most. */
export function digits(value: number, decimals: number): string {
  return String(rounded(value, decimals));
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
