const LENIENT = new TextDecoder("utf-8", { ignoreBOM: true });
const ENCODER = new TextEncoder();

/**
 * What could move a cursor, turn text around or hide in it: control characters (C0, DEL, C1), line
 * and paragraph separators, the marks, embeddings, overrides and isolates of bidirectional text,
 * zero width spaces and byte order marks, interlinear annotations.
 *
 * Joiners stay: scripts of India and families of emoji need them.
 */
const UNWANTED =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

const TAB = /\t/g;
/** Of UTF-8, for one unit of UTF-16. */
const MOST_BYTES_PER_UNIT = 3;

/** Bytes of a client as text that can be shown to anybody: � stands for what is not UTF-8. */
export function cleanText(bytes: Uint8Array): string {
  return LENIENT.decode(bytes).replace(TAB, " ").replace(UNWANTED, "").trimEnd();
}

/** Whether `text` takes more than `limit` bytes as UTF-8. */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  if (text.length * MOST_BYTES_PER_UNIT <= limit) return false;
  return ENCODER.encode(text).length > limit;
}
