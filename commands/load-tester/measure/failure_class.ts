import { IoError, type IoErrorKind, TimedOut } from "../../../runtime/mod.ts";
import { ProtocolError } from "../../../net/mod.ts";

/** Why a request has no answer, in the words of the report. */
export const FAILURE_CLASSES = [
  "DNS",
  "refused",
  "unreachable",
  "connect timeout",
  "TLS",
  "timeout",
  "reset",
  "closed",
  "cut short",
  "malformed",
  "redirect",
  "other",
] as const;

export type FailureClass = typeof FAILURE_CLASSES[number];

/** What each of them means, for the report and `--help`. */
export const FAILURE_MEANINGS: Readonly<Record<FailureClass, string>> = {
  "DNS": "the host's name was not found",
  "refused": "nobody listens there",
  "unreachable": "there was no way to the host, or none left on this side",
  "connect timeout": "no connection within --connect-timeout",
  "TLS": "the handshake failed",
  "timeout": "no whole answer within --timeout",
  "reset": "the connection broke",
  "closed": "the server ended the connection without an answer",
  "cut short": "the server ended the connection in the middle of an answer",
  "malformed": "the answer is not HTTP/1.1",
  "redirect": "it led further than --redirects allows, or nowhere",
  "other": "something else",
};

const WHILE_CONNECTING: Partial<Record<IoErrorKind, FailureClass>> = {
  "connection-refused": "refused",
  "not-found": "refused", // the file of a Unix socket
  "host-not-found": "DNS",
  "timed-out": "connect timeout",
  "tls-failed": "TLS",
};

/** The class of what went wrong before there was a connection. */
export function connectFailure(error: unknown): FailureClass {
  if (error instanceof TimedOut) return "connect timeout";
  if (error instanceof IoError) return WHILE_CONNECTING[error.kind] ?? "unreachable";
  return "other";
}

/** The class of what went wrong on a connection. */
export function exchangeFailure(error: unknown): FailureClass {
  if (error instanceof TimedOut) return "timeout";
  if (error instanceof ServerClosed) return "closed";
  if (error instanceof IoError) return "reset";
  if (!(error instanceof ProtocolError)) return "other";
  return CUT_SHORT.includes(error.kind) ? "cut short" : "malformed";
}

const CUT_SHORT: readonly string[] = ["incomplete-head", "incomplete-body"];

/** The connection ended in good order, and there was nothing of an answer. */
export class ServerClosed extends Error {
  override readonly name = "ServerClosed";
  constructor() {
    super("the server closed the connection without an answer");
  }
}

/** A request went wrong, in a way that counts. */
export class RequestError extends Error {
  constructor(readonly failure: FailureClass, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A redirect is not followed. */
export class FollowError extends RequestError {
  constructor(why: string) {
    super("redirect", why);
  }
}
