import type { CancellationToken, Spawnable } from "../../../runtime/mod.ts";
import type { HttpResponseInit } from "../codec/encode_response.ts";
import type { HttpLimits } from "../codec/limits.ts";
import type { HttpRequest } from "./request.ts";

/** Answers a request: a coroutine function, or a maker of futures. */
export type HttpHandler = (request: HttpRequest) => Spawnable<HttpResponseInit>;

/** How a server behaves; times in milliseconds, `Infinity` for no limit. */
export interface ServeOptions {
  /** When it is cancelled, no connection and no request is begun any more. */
  readonly stopping?: CancellationToken;
  /** How many connections there may be; more wait in the system's backlog. 10,000 */
  readonly maxConnections?: number;
  /** How many requests a connection may carry; without a limit. */
  readonly maxRequests?: number;
  /** How long a connection may lie idle before and between requests. 60,000 */
  readonly idleTimeout?: number;
  /** How long a head may take from its first byte to its last. 10,000 */
  readonly headTimeout?: number;
  /** How long a wait for more of a body may take. 30,000 */
  readonly bodyTimeout?: number;
  /** How long a client may take nothing of what is sent to it. 30,000 */
  readonly writeTimeout?: number;
  /** As {@link HttpLimits}, and 16 MiB for a body. */
  readonly limits?: Partial<HttpLimits>;
  /**
   * Makes the answer to what never reaches a handler, and to what a handler threw; a line of text
   * unless something else is made.
   */
  readonly refusal?: (status: number, message: string) => HttpResponseInit;
  /** Is told what a handler threw; without it, that is reported as a task's error is. */
  readonly onError?: (error: unknown, request: HttpRequest) => void;
}

/** What holds unless something else is said. */
export const SERVE_DEFAULTS = {
  maxConnections: 10_000,
  maxRequests: Infinity,
  idleTimeout: 60_000,
  headTimeout: 10_000,
  bodyTimeout: 30_000,
  writeTimeout: 30_000,
  limits: { bodyBytes: 16 * 1024 * 1024 },
} as const satisfies ServeOptions;

/** The options with nothing left open but what may be. */
export type ServeSettings =
  & ServeOptions
  & {
    readonly [K in keyof typeof SERVE_DEFAULTS]-?: NonNullable<ServeOptions[K]>;
  };

/** @throws {RangeError} when a number is not above 0 */
export function serveSettings(options: ServeOptions): ServeSettings {
  const settings = { ...SERVE_DEFAULTS, ...options };
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === "number" && !(value > 0)) {
      throw new RangeError(`Expected ${name} above 0, got ${value}`);
    }
  }
  return { ...settings, limits: { ...SERVE_DEFAULTS.limits, ...options.limits } };
}
