import { EMPTY_LINE, INCOMPLETE, LINE, type Parsed } from "./field_lines.ts";
import type { RequestHead, ResponseHead, TargetForm } from "./head.ts";
import {
  COLON,
  CR,
  DIGIT_0,
  FIELD_CONTENT,
  isDigit,
  LF,
  LINE_END_BYTES,
  SP,
  spells,
  TCHAR,
  VCHAR,
} from "./octets.ts";
import type { Pieces } from "./pieces.ts";
import { type RefusalKind, refuse } from "./refusal.ts";

const SLASH = 0x2f;
const ASTERISK = 0x2a;
const DIGIT_1 = 0x31;
/** `HTTP/1.`, before the minor version. */
const MAJOR = [0x48, 0x54, 0x54, 0x50, SLASH, DIGIT_1, 0x2e];
const MAJOR_AT = 5;
const VERSION_BYTES = MAJOR.length + 1;
/** Longer than every method that is registered. */
const MAX_METHOD_BYTES = 24;
const STATUS_DIGITS = 3;
const DECIMAL = 10;
const LOWEST_STATUS = 100;

/**
 * Parses `method SP request-target SP HTTP-version CRLF` and takes it. RFC 9112 §3
 *
 * An empty line is taken as well: §2.2 asks servers to overlook one that comes before.
 */
export function parseRequestLine(pieces: Pieces, head: RequestHead): Parsed {
  const { bytes, at: from, end } = pieces;
  let at = from;
  while (at < end && TCHAR[bytes[at]] === 1) at++;
  if (at - from > MAX_METHOD_BYTES) refuse("method-too-long");
  if (at === end) return INCOMPLETE;
  if (at === from) return emptyLine(pieces);
  if (bytes[at] !== SP) refuse("request-line");
  head.methodTo = at - from;
  const targetFrom = ++at;
  while (at < end && VCHAR[bytes[at]] === 1) at++;
  if (at === end) return INCOMPLETE;
  if (at === targetFrom || bytes[at] !== SP) refuse("request-line");
  head.targetFrom = targetFrom - from;
  head.targetTo = at - from;
  const ended = parseVersion(pieces, ++at, head, "request-line") &&
    endOfLine(pieces, at + VERSION_BYTES, "request-line");
  if (!ended) return INCOMPLETE;
  head.form = targetForm(bytes, from, head);
  return LINE;
}

/** Parses `HTTP-version SP status-code [ SP reason-phrase ] CRLF` and takes it. RFC 9112 §4 */
export function parseStatusLine(pieces: Pieces, head: ResponseHead): Parsed {
  const { bytes, at: from, end } = pieces;
  if (!parseVersion(pieces, from, head, "status-line")) return INCOMPLETE;
  let at = from + VERSION_BYTES;
  if (at === end) return INCOMPLETE;
  if (bytes[at++] !== SP) refuse("status-line");
  let status = 0;
  for (let i = 0; i < STATUS_DIGITS; i++, at++) {
    if (at === end) return INCOMPLETE;
    if (!isDigit(bytes[at])) refuse("status-line");
    status = status * DECIMAL + (bytes[at] - DIGIT_0);
  }
  if (status < LOWEST_STATUS) refuse("status-line");
  if (at === end) return INCOMPLETE;
  if (bytes[at] === SP) at++;
  else if (bytes[at] !== CR) refuse(bytes[at] === LF ? "bare-lf" : "status-line");
  const reasonFrom = at;
  while (at < end && FIELD_CONTENT[bytes[at]] === 1) at++;
  if (!endOfLine(pieces, at, "status-line")) return INCOMPLETE;
  head.status = status;
  head.reasonFrom = reasonFrom - from;
  head.reasonTo = at - from;
  return LINE;
}

/** `HTTP/1.x` at `at`; false when it is not all there. RFC 9112 §2.3 */
function parseVersion(
  { bytes, end }: Pieces,
  at: number,
  head: RequestHead | ResponseHead,
  kind: RefusalKind,
): boolean {
  for (let i = 0; i < MAJOR.length; i++) {
    if (at + i === end) return false;
    if (bytes[at + i] === MAJOR[i]) continue;
    refuse(i === MAJOR_AT && isDigit(bytes[at + i]) ? "version" : kind);
  }
  const minor = bytes[at + MAJOR.length];
  if (at + MAJOR.length === end) return false;
  if (!isDigit(minor)) refuse(kind);
  head.minor = minor === DIGIT_0 ? 0 : 1;
  return true;
}

/** CRLF at `at`, which is taken with all before it; false when it is not all there. */
function endOfLine(pieces: Pieces, at: number, kind: RefusalKind): boolean {
  const { bytes, end } = pieces;
  if (at === end) return false;
  if (bytes[at] !== CR) refuse(bytes[at] === LF ? "bare-lf" : kind);
  if (at + 1 === end) return false;
  if (bytes[at + 1] !== LF) refuse("bare-cr");
  pieces.at = at + LINE_END_BYTES;
  return true;
}

function emptyLine(pieces: Pieces): Parsed {
  if (pieces.bytes[pieces.at] !== CR) refuse("request-line");
  return endOfLine(pieces, pieces.at, "request-line") ? EMPTY_LINE : INCOMPLETE;
}

/** RFC 9112 §3.2: which form it has, and whether its method may have it. */
function targetForm(bytes: Uint8Array, origin: number, head: RequestHead): TargetForm {
  const from = origin + head.targetFrom;
  const to = origin + head.targetTo;
  const first = bytes[from];
  const isConnect = spells(bytes, origin, origin + head.methodTo, "CONNECT");
  if (isConnect) {
    if (!isAuthority(bytes, from, to)) refuse("target");
    return "authority";
  }
  if (first === SLASH) return "origin";
  if (first === ASTERISK && to - from === 1) {
    if (!spells(bytes, origin, origin + head.methodTo, "OPTIONS")) refuse("target");
    return "asterisk";
  }
  if (!hasScheme(bytes, from, to)) refuse("target");
  return "absolute";
}

/** `host ":" port`. RFC 9112 §3.2.3 */
function isAuthority(bytes: Uint8Array, from: number, to: number): boolean {
  let at = to;
  while (at > from && isDigit(bytes[at - 1])) at--;
  if (at === to || at - 1 <= from || bytes[at - 1] !== COLON) return false;
  return !bytes.subarray(from, to).includes(SLASH);
}

/** `scheme "://"` and something after it. */
function hasScheme(bytes: Uint8Array, from: number, to: number): boolean {
  const colon = bytes.subarray(from, to).indexOf(COLON) + from;
  const rest = colon + "://".length;
  return colon > from && rest < to && spells(bytes, colon, rest, "://");
}
