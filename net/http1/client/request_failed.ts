import { IoError, TimedOut, WakefulError } from "../../../runtime/mod.ts";
import { ProtocolError } from "../codec/refusal.ts";

/** Why a request has no answer, or not all of one. */
export type FailureKind =
  /** There was no connection to be had. */
  | "connect"
  /** The connection broke before anything of the answer came. */
  | "reset"
  /** The connection broke in the middle of the answer. */
  | "reset-in-answer"
  /** The server ended the connection in good order, but without a whole head. */
  | "early-close"
  /** The body ended before the length it was told to have, or without its last chunk. */
  | "short-body"
  /** Something came that no request had asked for, such as more body than was told. */
  | "excess-bytes"
  /** It took too long. */
  | "timeout"
  /** The answer is not HTTP/1.1, or breaks a limit; `cause` says which rule. */
  | "protocol";

const WORDS: Readonly<Record<FailureKind, string>> = {
  "connect": "cannot connect",
  "reset": "the connection broke before the answer",
  "reset-in-answer": "the connection broke in the middle of the answer",
  "early-close": "the server closed the connection without an answer",
  "short-body": "the answer's body is shorter than it was told to be",
  "excess-bytes": "the server sent more than it was asked for",
  "timeout": "it took too long",
  "protocol": "the answer breaks the protocol",
};

/** A request failed for a reason outside of this program; `cause` is the error beneath. */
export class RequestFailed extends WakefulError {
  readonly code = "HTTP_REQUEST_FAILED";

  /** @param received whether anything of the answer had come */
  constructor(readonly kind: FailureKind, readonly received: boolean, cause?: unknown) {
    const detail = cause instanceof Error ? `: ${cause.message}` : "";
    super(`The request failed: ${WORDS[kind]}${detail}`, { cause });
  }
}

/** The failure that `error` means for a request; an error of another kind stays what it is. */
export function failureFrom(error: unknown, received: boolean): unknown {
  if (error instanceof TimedOut) return new RequestFailed("timeout", received, error);
  if (error instanceof IoError) {
    return new RequestFailed(received ? "reset-in-answer" : "reset", received, error);
  }
  if (error instanceof ProtocolError) {
    return new RequestFailed(kindOf(error), received, error);
  }
  return error;
}

function kindOf({ kind }: ProtocolError): FailureKind {
  if (kind === "incomplete-head") return "early-close";
  if (kind === "incomplete-body") return "short-body";
  return kind === "unasked-answer" ? "excess-bytes" : "protocol";
}
