/** How figures are written for people: few digits, the unit that fits. */

const MS_PER_SECOND = 1_000;
const US_PER_MS = 1_000;
const SECONDS_PER_MINUTE = 60;
const BYTE_UNITS = ["B", "KB", "MB", "GB", "TB"];
const BYTES_PER_UNIT = 1_000;
const HUNDRED = 100;

/** `850µs`, `4.2ms`, `1.25s`, `2m 5s`. */
export function duration(ms: number): string {
  if (ms === 0) return "0ms";
  if (ms < 1) return `${Math.round(ms * US_PER_MS)}µs`;
  if (ms < MS_PER_SECOND) return `${digits(ms, 1)}ms`;
  const seconds = ms / MS_PER_SECOND;
  if (seconds < 2 * SECONDS_PER_MINUTE) return `${digits(seconds, 2)}s`;
  const rest = Math.round(seconds % SECONDS_PER_MINUTE);
  return `${Math.floor(seconds / SECONDS_PER_MINUTE)}m ${rest}s`;
}

/** `1.4 MB`, in thousands. */
export function bytes(count: number): string {
  let unit = 0;
  while (count >= BYTES_PER_UNIT && unit < BYTE_UNITS.length - 1) {
    count /= BYTES_PER_UNIT;
    unit++;
  }
  return `${unit === 0 ? count : digits(count, 2)} ${BYTE_UNITS[unit]}`;
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
  return String(Number(value.toFixed(decimals)));
}
