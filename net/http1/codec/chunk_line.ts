import { CR, FIELD_CONTENT, HEX_VALUE, isBlank, LF, LINE_END_BYTES, SEMICOLON } from "./octets.ts";
import type { Pieces } from "./pieces.ts";
import { refuse } from "./refusal.ts";

const HEX = 16;
/** The line has not come whole. */
export const NO_CHUNK = -1;

/**
 * Parses `chunk-size [ chunk-ext ] CRLF`, takes it and answers the size. RFC 9112 §7.1
 *
 * Extensions are overlooked, as §7.1.1 asks, but no control character may stand in them.
 */
export function parseChunkLine(pieces: Pieces): number {
  const { bytes, at: from, end } = pieces;
  let size = 0;
  let at = from;
  for (; at < end; at++) {
    const digit = HEX_VALUE[bytes[at]];
    if (digit < 0) break;
    size = size * HEX + digit;
    if (size > Number.MAX_SAFE_INTEGER) refuse("chunk-size-overflow");
  }
  if (at === end) return NO_CHUNK;
  if (at === from) refuse("chunk-size");
  at = skipExtensions(bytes, at, end);
  if (at === end) return NO_CHUNK;
  if (bytes[at] !== CR) refuse(bytes[at] === LF ? "bare-lf" : "chunk-extension");
  if (at + 1 === end) return NO_CHUNK;
  if (bytes[at + 1] !== LF) refuse("bare-cr");
  pieces.at = at + LINE_END_BYTES;
  return size;
}

/** Where the extensions that begin at `at`, if there are any, end. */
function skipExtensions(bytes: Uint8Array, at: number, end: number): number {
  let begin = at;
  while (begin < end && isBlank(bytes[begin])) begin++;
  if (begin === end) return end;
  if (bytes[begin] !== SEMICOLON) {
    if (begin > at || (bytes[at] !== CR && bytes[at] !== LF)) refuse("chunk-size");
    return at;
  }
  while (begin < end && FIELD_CONTENT[bytes[begin]] === 1) begin++;
  return begin;
}
