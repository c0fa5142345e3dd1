const PLAIN_WORD = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;
const INVISIBLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;
const LONGEST_SHOWN = 60;

/**
 * A word from outside as a message shows it: as it is when that is unmistakable, in double quotes
 * when it is empty, contains blanks, or holds characters a terminal would act on (which are
 * escaped).
 *
 * A long word is cut and ends in `…`, so that the message stays on one line.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quote("99999"), "99999");
 * assertEquals(quote("two words"), '"two words"');
 * assertEquals(quote("\x1b[2J"), String.raw`"\u001b[2J"`);
 * ```
 */
export function quote(word: string): string {
  const points = [...word];
  const shown = points.length > LONGEST_SHOWN
    ? points.slice(0, LONGEST_SHOWN).join("") + "…"
    : word;
  return PLAIN_WORD.test(shown) ? shown : JSON.stringify(shown).replace(INVISIBLE, escape);
}

function escape(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
