/**
 * The lines that clients read.
 *
 * Their beginnings cannot be forged: nobody's name holds a blank, a colon, a star or a bracket.
 */
import type { CrowdNotice } from "./crowd_notices.ts";

const MS_PER_SECOND = 1_000;
const SECONDS_PER_MINUTE = 60;
const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;
const MOST_NAMED = 100;

/** What the server itself says. */
export const notice = (text: string): string => `-- ${text}`;

/** What somebody says to the room. */
export const saying = (name: string, text: string): string => `${name}: ${text}`;

/** What somebody does. */
export const action = (name: string, text: string): string => `* ${name} ${text}`;

/** What one says to another alone; either may be `you`. */
export const aside = (from: string, to: string, text: string): string =>
  `[${from} -> ${to}] ${text}`;

/** `ann`, `ann and ben`, `ann, ben and cleo`. */
export function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join()
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/** Of a crowd that nobody would read through, the first, and how many more. */
export function crowdNotice({ names, what }: CrowdNotice): string {
  const more = names.length - MOST_NAMED;
  const who = more > 0
    ? `${names.slice(0, MOST_NAMED).join(", ")} and ${more} more`
    : listed(names);
  return notice(`${who} ${what}`);
}

/** `1 line`, `2 lines`. */
export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** A reason behind what was said, where there is one. */
export const because = (reason: string): string => reason === "" ? "" : `: ${reason}`;

/** A duration as people say it, in its two largest units: `2m 5s`. */
export function span(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / MS_PER_SECOND);
  const minutes = Math.floor(seconds / SECONDS_PER_MINUTE);
  const hours = Math.floor(minutes / MINUTES_PER_HOUR);
  const days = Math.floor(hours / HOURS_PER_DAY);
  if (days > 0) return two(days, "d", hours % HOURS_PER_DAY, "h");
  if (hours > 0) return two(hours, "h", minutes % MINUTES_PER_HOUR, "m");
  if (minutes > 0) return two(minutes, "m", seconds % SECONDS_PER_MINUTE, "s");
  return `${seconds}s`;
}

function two(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${unit}` : `${large}${unit} ${small}${smallUnit}`;
}

/** The same, never `0s`: for what is still to come. */
export function spanLeft(ms: number): string {
  return span(Math.max(MS_PER_SECOND, Math.ceil(ms / MS_PER_SECOND) * MS_PER_SECOND));
}
