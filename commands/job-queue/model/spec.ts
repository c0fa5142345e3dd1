/** A job as somebody asks for it; times in milliseconds. */
export interface JobSpec {
  readonly type: string;
  /** JSON. */
  readonly payload: string;
  readonly queue: string;
  readonly key: string;
  readonly priority: number;
  readonly maxRetries: number;
  /** How long an attempt may take; 0 for as long as it likes. */
  readonly timeout: number;
  /** How long from now it may not start. */
  readonly delay: number;
  /** Since 1970; it starts no sooner, nor before the delay is over. */
  readonly runAt: number;
  /** How long after it could start for the first time it must have; 0 for no such limit. */
  readonly expires: number;
  readonly uniqueKey: string;
}

export const DEFAULT_QUEUE = "default";
export const DEFAULT_MAX_RETRIES = 3;

/** What a job is unless somebody says otherwise. */
export const SPEC_DEFAULTS = {
  payload: "{}",
  queue: DEFAULT_QUEUE,
  key: "",
  priority: 0,
  maxRetries: DEFAULT_MAX_RETRIES,
  timeout: 0,
  delay: 0,
  runAt: 0,
  expires: 0,
  uniqueKey: "",
} as const satisfies Omit<JobSpec, "type">;

/** A job of this type, and whatever else is said of it. */
export function jobSpec(type: string, more: Partial<JobSpec> = {}): JobSpec {
  return { ...SPEC_DEFAULTS, type, ...more };
}
