import { Cron } from "croner";
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

/** Why the two make no schedule; undefined when they do. */
export function complaintAbout(cron: string, timezone: string): string | undefined {
  try {
    nextTime(cron, timezone, 0);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
