import type { Service } from "../engine/service.ts";

/** A store that has not done anything for so long does not work: the clock alone asks it each second. */
const LONGEST_SILENCE_MS = 10_000;

export interface Health {
  readonly status: "ok" | "failing";
  readonly reason?: string;
  /** Milliseconds since the store did something. */
  readonly sinceCommitMs: number | null;
  /** How long the thread was blocked, the last time it was. */
  readonly blockedMs: number;
  readonly workers: number;
  readonly busy: number;
}

/** Whether the service makes progress. */
export function healthOf({ keeper, pool }: Service): Health {
  const { sinceCommit } = keeper;
  const isSilent = sinceCommit === undefined || sinceCommit > LONGEST_SILENCE_MS;
  const reason = pool.gaveUp ?? (isSilent ? "the store does nothing" : undefined);
  return {
    status: reason === undefined ? "ok" : "failing",
    reason,
    sinceCommitMs: sinceCommit === undefined ? null : Math.round(sinceCommit),
    blockedMs: Math.round(keeper.blockedFor),
    workers: pool.workers,
    busy: pool.busy,
  };
}
