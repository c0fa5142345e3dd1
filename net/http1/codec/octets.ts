/** Which bytes may stand where: the character classes of RFC 9110 §5.6 and RFC 5234. */

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const DIGIT_0 = 0x30;
/** CR and LF. */
export const LINE_END_BYTES = 2;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const DEL = 0x7f;
const OCTETS = 256;
const CASE_BIT = 0x20;
const DECIMAL_DIGITS = 10;
const NO_DIGIT = -1;

/** `String.fromCharCode` takes its bytes as arguments, of which there cannot be too many. */
const BYTES_AT_ONCE = 4096;

/** A table with a 1 for each byte of a class: one load and one branch for each byte of input. */
function octetClass(contains: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: OCTETS }, (_, byte) => contains(byte) ? 1 : 0);
}

const isVisible = (byte: number) => byte > SP && byte < DEL;
const isObsText = (byte: number) => byte > DEL;

/** `tchar`: methods and field names are made of it. RFC 9110 §5.6.2 */
export const TCHAR: Uint8Array = octetClass((byte) =>
  /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(byte))
);

/** `field-vchar`, space and tab: field values and reason phrases. RFC 9110 §5.5, RFC 9112 §4 */
export const FIELD_CONTENT: Uint8Array = octetClass((byte) =>
  isVisible(byte) || isObsText(byte) || byte === SP || byte === HTAB
);

/** `VCHAR`: what a request target may be made of; RFC 3986 allows fewer. */
export const VCHAR: Uint8Array = octetClass(isVisible);

/** What a hexadecimal digit counts; negative for every other byte. */
export const HEX_VALUE: Int8Array = Int8Array.from({ length: OCTETS }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? NO_DIGIT : value;
});

/** Whether it is one of 0 to 9. */
export function isDigit(byte: number): boolean {
  return byte >= DIGIT_0 && byte < DIGIT_0 + DECIMAL_DIGITS;
}

/** Whether it is a space or a tab. */
export function isBlank(byte: number): boolean {
  return byte === SP || byte === HTAB;
}

function lower(byte: number): number {
  return byte >= UPPER_A && byte <= UPPER_Z ? byte | CASE_BIT : byte;
}

/** Whether the bytes from `from` to `to` spell `text`, in whatever case; nothing is allocated. */
export function spells(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from !== text.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (lower(bytes[from + i]) !== lower(text.charCodeAt(i))) return false;
  }
  return true;
}

/**
 * The bytes from `from` to `to` as text, a character for each: ISO 8859-1, which loses nothing of
 * what RFC 9110 §5.5 leaves open.
 */
export function textAt(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let at = from; at < to; at += BYTES_AT_ONCE) {
    const some = bytes.subarray(at, Math.min(to, at + BYTES_AT_ONCE));
    text += String.fromCharCode.apply(null, some as unknown as number[]);
  }
  return text;
}

/** Writes `text` at `at`, a byte for each character; answers where it ends. */
export function putText(into: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return at + text.length;
}
