import { Cron } from "croner";
import { quote } from "../../cli/quote.ts";
import type { JobSpec } from "./spec.ts";

/** A job that comes again and again. */
export interface Schedule {
  readonly name: string;
  /** Five or six fields, as `crontab` has them; the sixth, in front, is seconds. */
  readonly cron: string;
  readonly timezone: string;
  readonly spec: JobSpec;
  /** When the next one is due, in milliseconds since 1970; 0 when there will be none. */
  readonly next: number;
  /** When it was due last and nothing came of it, and why: its job was there still, or no room. */
  readonly skipped?: { readonly at: number; readonly why: "duplicate" | "full" };
}

/** The next time after `after`; 0 when there is none. */
export function nextTime(cron: string, timezone: string, after: number): number {
  return new Cron(cron, { timezone }).nextRun(new Date(after))?.getTime() ?? 0;
}

/** Why the two make no schedule, and which of them is wrong; undefined when they do. */
export function complaintAbout(cron: string, timezone: string): string | undefined {
  if (!isTimezone(timezone)) {
    return `timezone: there is none called ${quote(timezone)}; expected one such as Europe/Berlin`;
  }
  const fields = cron.trim().split(/\s+/).length;
  if (!FIELDS.includes(fields) && !NICKNAME.test(cron)) {
    return `cron: expected five fields, or six with seconds in front, got ${quote(cron)}`;
  }
  try {
    if (nextTime(cron, timezone, 0) !== 0) return undefined;
    return `cron: expected a time that comes, got ${quote(cron)}, which never does`;
  } catch (error) {
    return `cron: ${reasonOf(error)}, in ${quote(cron)}`;
  }
}

const FIELDS = [5, 6];
const NICKNAME = /^@[a-z]+$/i;

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** `CronPattern: Invalid value for minute: 61`, without whose words they are. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^\w+: /, "") : String(error);
}
