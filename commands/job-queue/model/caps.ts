/** How much of what handlers and workers say is kept; the lengths are in characters. */

export const LONGEST_RESULT = 1024 * 1024;
export const LONGEST_PROGRESS = 4_000;
export const LONGEST_ERROR = 4_000;
export const LONGEST_LINE = 1_000;
/** Of a job's log, the latest. */
export const MOST_LINES = 100;
/** Of its failures as well. */
export const MOST_FAILURES = 20;

/** A lease, in milliseconds. */
export const SHORTEST_LEASE_MS = 1_000;
export const LONGEST_LEASE_MS = 3_600_000;

const MARK = "…";
const HALF_A_CHARACTER = /[\uD800-\uDBFF]$/;

/** Its beginning, with a mark where something was cut off. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return text.slice(0, longest - MARK.length).replace(HALF_A_CHARACTER, "") + MARK;
}

/** The line of the log that stands for progress that is too long. */
export function insteadOf(progress: string): string {
  return `progress of ${progress.length} characters was left out`;
}
