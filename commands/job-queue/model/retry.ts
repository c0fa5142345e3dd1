/** When failed jobs are tried again; times in milliseconds. */
export interface RetryPolicy {
  /** After the first failure; doubled at each further one. */
  readonly first: number;
  /** No wait is longer, jitter aside. */
  readonly cap: number;
  /** The share of a wait by which it may be longer or shorter. */
  readonly jitter: number;
}

export const RETRIES: RetryPolicy = { first: 1_000, cap: 600_000, jitter: 0.2 };

const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;
const UINT32 = 2 ** 32;

/**
 * How long a job waits after its `attempt`th attempt has failed.
 *
 * The jitter follows from the job and the attempt, so that a store can replay it and a test can
 * know it; jobs that failed together are spread all the same.
 */
export function retryDelay(id: number, attempt: number, policy: RetryPolicy = RETRIES): number {
  const wait = Math.min(policy.first * 2 ** (attempt - 1), policy.cap);
  return Math.round(wait * (1 + policy.jitter * (2 * scatter(id, attempt) - 1)));
}

/** A number from 0 to 1 that looks like chance: FNV-1a of both, with its bits mixed. */
function scatter(id: number, attempt: number): number {
  let hash = HASH_START;
  for (const part of [id % UINT32, Math.floor(id / UINT32), attempt]) {
    hash = Math.imul(hash ^ part, HASH_FACTOR);
    hash = Math.imul(hash ^ (hash >>> 15), HASH_FACTOR);
    hash ^= hash >>> 13;
  }
  return (hash >>> 0) / UINT32;
}
