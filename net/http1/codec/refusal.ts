import { WakefulError } from "../../../runtime/mod.ts";

/** Why a message is refused: the status a server answers with, where it is written, and what. */
const REFUSALS = {
  "bare-cr": [400, "RFC 9112 §2.2", "a CR is not followed by LF"],
  "bare-lf": [400, "RFC 9112 §2.2", "a line ends in LF without CR"],
  "space-before-fields": [400, "RFC 9112 §2.2", "there is whitespace before the first field"],
  "version": [505, "RFC 9112 §2.3", "the major version is not 1"],
  "request-line": [400, "RFC 9112 §3", "the request line is no method, target and version"],
  "method-too-long": [501, "RFC 9112 §3", "the method is longer than any"],
  "target-too-long": [414, "RFC 9112 §3", "the request line is too long"],
  "host": [400, "RFC 9112 §3.2", "a request of HTTP/1.1 has exactly one Host"],
  "target": [400, "RFC 9112 §3.2", "the target does not have the form that its method asks for"],
  "status-line": [502, "RFC 9112 §4", "the status line is no version, status and reason"],
  "status-line-too-long": [502, "RFC 9112 §4", "the status line is too long"],
  "field-line": [400, "RFC 9112 §5", "a field line has no name or no colon"],
  "space-before-colon": [400, "RFC 9112 §5.1", "there is whitespace between a name and its colon"],
  "field-name": [400, "RFC 9110 §5.1", "a field name has a character that no token has"],
  "obs-fold": [400, "RFC 9112 §5.2", "a field line is folded"],
  "field-value": [400, "RFC 9110 §5.5", "a field value has a control character"],
  "too-many-fields": [431, "RFC 6585 §5", "there are too many fields"],
  "fields-too-long": [431, "RFC 6585 §5", "the fields are too long"],
  "transfer-coding": [501, "RFC 9112 §6.1", "the only transfer coding that is known is chunked"],
  "chunked-not-last": [400, "RFC 9112 §6.3", "chunked is not the last transfer coding, and once"],
  "chunked-in-1.0": [400, "RFC 9112 §6.1", "HTTP/1.0 has no transfer codings"],
  "both-lengths": [400, "RFC 9112 §6.3", "there are a Transfer-Encoding and a Content-Length"],
  "content-length": [400, "RFC 9112 §6.3", "the Content-Length is no number that can be counted"],
  "differing-lengths": [400, "RFC 9112 §6.3", "there are several Content-Lengths, and they differ"],
  "body-too-long": [413, "RFC 9110 §15.5.14", "the body is too long"],
  "chunk-size": [400, "RFC 9112 §7.1", "a chunk does not begin with its size in hexadecimal"],
  "chunk-size-overflow": [400, "RFC 9112 §7.1", "a chunk is larger than can be counted"],
  "chunk-end": [400, "RFC 9112 §7.1", "a chunk is not followed by CRLF"],
  "chunk-extension": [400, "RFC 9112 §7.1.1", "a chunk extension has a control character"],
  "chunk-line-too-long": [400, "RFC 9112 §7.1.1", "the chunk extensions are too long"],
  "trailers-too-long": [431, "RFC 9112 §7.1.2", "the trailer fields are too long"],
  "incomplete-head": [400, "RFC 9112 §8", "the connection ended inside a head"],
  "incomplete-body": [400, "RFC 9112 §8", "the connection ended inside a body"],
  "unasked-answer": [502, "RFC 9112 §9.2", "there is an answer that nobody asked for"],
  "too-many-interim": [502, "RFC 9110 §15.2", "there are too many interim answers"],
} as const satisfies Record<string, readonly [status: number, section: string, what: string]>;

/** Which rule a message breaks. */
export type RefusalKind = keyof typeof REFUSALS;

/** Every kind there is: for tables and tests. */
export const REFUSAL_KINDS = Object.keys(REFUSALS) as readonly RefusalKind[];

/**
 * The peer's message breaks HTTP/1.1, or a limit.
 *
 * Where it ends is not known then, so nothing more can be read from its connection.
 */
export class ProtocolError extends WakefulError {
  readonly code = "HTTP_PROTOCOL";
  /** Where the rule is written, such as "RFC 9112 §5.2". */
  readonly section: string;
  /** What a server answers to such a request. */
  readonly status: number;

  constructor(readonly kind: RefusalKind) {
    const [status, section, what] = REFUSALS[kind];
    super(`Cannot take the message: ${what} (${section})`);
    this.status = status;
    this.section = section;
  }
}

/** @throws {ProtocolError} */
export function refuse(kind: RefusalKind): never {
  throw new ProtocolError(kind);
}
