/** How much of a message is taken before it is refused; all but two in bytes. */
export interface HttpLimits {
  /** A request line or status line; 8 KiB, as RFC 9112 §3 advises. */
  readonly startLineBytes: number;
  /** How many fields a head may have, and a trailer section; 100. */
  readonly fieldCount: number;
  /** The fields of a head, all together; 32 KiB. */
  readonly fieldBytes: number;
  /** The line before each chunk; and twice that for what all of them have beyond their need. */
  readonly chunkLineBytes: number;
  /** The fields after a chunked body, all together; 8 KiB. */
  readonly trailerBytes: number;
  /** A body; without a limit here, and 16 MiB in a server. */
  readonly bodyBytes: number;
  /** How many 1xx may come before an answer; 32. */
  readonly interimCount: number;
}

/** What holds unless something else is said. */
export const DEFAULT_LIMITS: HttpLimits = {
  startLineBytes: 8 * 1024,
  fieldCount: 100,
  fieldBytes: 32 * 1024,
  chunkLineBytes: 4 * 1024,
  trailerBytes: 8 * 1024,
  bodyBytes: Infinity,
  interimCount: 32,
};

/** @throws {RangeError} when one is negative or no number */
export function limitsFrom(some: Partial<HttpLimits>): HttpLimits {
  for (const [name, limit] of Object.entries(some)) {
    if (!(limit >= 0)) throw new RangeError(`Expected ${name} from 0 up, got ${limit}`);
  }
  return { ...DEFAULT_LIMITS, ...some };
}
