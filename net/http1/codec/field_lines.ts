import type { HttpFields } from "./fields.ts";
import type { FramingFields } from "./framing_fields.ts";
import { COLON, CR, FIELD_CONTENT, isBlank, LF, LINE_END_BYTES, TCHAR } from "./octets.ts";
import type { Pieces } from "./pieces.ts";
import { refuse } from "./refusal.ts";

/** What one attempt to parse a line comes to. */
export const INCOMPLETE = 0;
export const LINE = 1;
export const EMPTY_LINE = 2;
export type Parsed = typeof INCOMPLETE | typeof LINE | typeof EMPTY_LINE;

/**
 * Parses one field line, `name ":" OWS value OWS CRLF`, or the empty line after the last one, and
 * takes it. RFC 9112 §5
 *
 * One pass over the bytes: each is looked up once, and what ends a name or a value is looked at
 * more closely only when it is not what it should be.
 */
export function parseFieldLine(
  pieces: Pieces,
  fields: HttpFields,
  framing: FramingFields | undefined,
): Parsed {
  const { bytes, at: from, end, origin } = pieces;
  let at = from;
  while (at < end && TCHAR[bytes[at]] === 1) at++;
  if (at === end) return INCOMPLETE;
  if (at === from || bytes[at] !== COLON) return noField(pieces, at, fields.size);
  const nameTo = at++;
  while (at < end && isBlank(bytes[at])) at++;
  const valueFrom = at;
  while (at < end && FIELD_CONTENT[bytes[at]] === 1) at++;
  if (at + 1 >= end && (at === end || bytes[at] === CR)) return INCOMPLETE;
  if (bytes[at] !== CR || bytes[at + 1] !== LF) refuseValue(bytes[at]);
  let valueTo = at;
  while (valueTo > valueFrom && isBlank(bytes[valueTo - 1])) valueTo--;
  fields.add(from - origin, nameTo - origin, valueFrom - origin, valueTo - origin);
  framing?.note(bytes, from, nameTo, valueFrom, valueTo);
  pieces.at = at + LINE_END_BYTES;
  return LINE;
}

/** The name ended at `stop`, and not by a colon: it is the empty line, or wrong. */
function noField(pieces: Pieces, stop: number, before: number): Parsed {
  const { bytes, at: from, end } = pieces;
  const byte = bytes[stop];
  if (byte === CR && stop === from) {
    if (stop + 1 === end) return INCOMPLETE;
    if (bytes[stop + 1] !== LF) refuse("bare-cr");
    pieces.at = stop + LINE_END_BYTES;
    return EMPTY_LINE;
  }
  if (isBlank(byte)) {
    if (stop > from) refuse("space-before-colon");
    refuse(before === 0 ? "space-before-fields" : "obs-fold");
  }
  if (byte === LF) refuse("bare-lf");
  refuse(byte === COLON || byte === CR ? "field-line" : "field-name");
}

function refuseValue(byte: number): never {
  if (byte === CR) refuse("bare-cr");
  refuse(byte === LF ? "bare-lf" : "field-value");
}
