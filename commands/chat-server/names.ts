const LONGEST_NAME = 20;
/** More marks than that on one letter, and they reach into the lines above and below. */
const MOST_MARKS = "2";

/** What a name may be made of; completes "a name is …". */
export const NAME_RULE = `1 to ${LONGEST_NAME} letters, digits, _ or -`;

/** Letters of any script with the marks they carry, but none that cannot be seen. */
const NAME = new RegExp(
  `^(?:(?!\\p{Default_Ignorable_Code_Point})[\\p{L}\\p{Nd}_-]\\p{M}{0,${MOST_MARKS}})+$`,
  "u",
);

/** Words that stand for somebody else in what the server says. */
const RESERVED = new Set(["you", "server", "everyone"]);

/** Letters of other scripts that look like a Latin one, behind the one they look like. */
const LOOK_ALIKES =
  "aаα bвβ cсϲ dԁ eеε gɡ hһн iіιı jјϳ kкκ lӏ mм nո oоοօ pрρ qԛ sѕ tтτ uυս vνѵ wԝω xхχ yуγ zᴢ";
/** Told apart in some typefaces only, as long as they are not folded. */
const SAME_STROKES = [["I", "l"], ["1", "l"], ["0", "o"]] as const;

const LATIN = new Map<string, string>(SAME_STROKES);
for (const [latin, ...others] of LOOK_ALIKES.split(" ")) {
  for (const other of others) LATIN.set(other, latin);
}

/** The name as it is shown, or undefined when it is none. */
export function readName(word: string): string | undefined {
  const name = word.normalize("NFC");
  const length = [...name].length;
  if (length > LONGEST_NAME || !NAME.test(name) || RESERVED.has(fold(name))) return undefined;
  return name;
}

/** Names that differ in case, width or style alone are the same when folded. */
export function fold(name: string): string {
  // Through upper case, because ß and SS are the same and so are σ and ς; and before that through
  // lower case, because ẞ is one of those.
  return name.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
}

/**
 * By which keys a name is compared: two names are too much alike when they have one in common.
 *
 * The second is the name with each character replaced by the Latin one that it looks like, in the
 * manner of Unicode's skeletons (UTS 39).
 */
export function keysOf(name: string): readonly string[] {
  const folded = fold(name);
  const strokes = [...name.normalize("NFKC")].map((char) => LATIN.get(char) ?? char).join("");
  const skeleton = [...fold(strokes)].map((char) => LATIN.get(char) ?? char).join("");
  return folded === skeleton ? [folded] : [folded, skeleton];
}
