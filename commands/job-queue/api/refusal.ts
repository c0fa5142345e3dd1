/** Why a request is refused, for programs: one word each. */
export type RefusalCode =
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "method-not-allowed"
  | "conflict"
  | "lost"
  | "timeout"
  | "too-large"
  | "unsupported-media-type"
  | "unknown-type"
  | "unavailable"
  | "full"
  | "internal";

/** A request that is not done: status, word and a sentence that says what was expected. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    readonly code: RefusalCode,
    message: string,
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function badRequest(message: string): Refusal {
  return new Refusal(400, "bad-request", message);
}

export function notFound(what: string): Refusal {
  return new Refusal(404, "not-found", what);
}

export function conflict(message: string): Refusal {
  return new Refusal(409, "conflict", message);
}

/** Nothing of it was done; the client may try again. */
export function unavailable(code: "unavailable" | "full", message: string): Refusal {
  return new Refusal(503, code, message, { "Retry-After": RETRY_AFTER_S });
}

const RETRY_AFTER_S = "1";
