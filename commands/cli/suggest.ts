/** More edits than this and the two words have nothing to do with each other. */
const MOST_EDITS = 3;
/** One edit is forgiven for every so many characters, and always at least one. */
const CHARACTERS_PER_EDIT = 3;

/**
 * The candidate that `word` was most likely meant to be, or undefined when none is close.
 *
 * Close means few typing errors for the length of the word, or, failing that, being the only
 * candidate one of whose hyphenated parts starts with the word (`connections` → `max-connections`).
 * Upper and lower case count as the same letter. Of equally close candidates the first wins.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearest("prot", ["host", "port"]), "port");
 * assertEquals(nearest("idle", ["idle-timeout", "port"]), "idle-timeout");
 * assertEquals(nearest("colour", ["host", "port"]), undefined);
 * ```
 */
export function nearest<W extends string>(word: string, candidates: Iterable<W>): W | undefined {
  const wanted = word.toLowerCase();
  const allowed = Math.min(
    MOST_EDITS,
    Math.max(1, Math.floor(wanted.length / CHARACTERS_PER_EDIT)),
  );
  const known = [...candidates];
  let best: W | undefined;
  let fewest = allowed + 1;
  for (const candidate of known) {
    const edits = editDistance(wanted, candidate.toLowerCase(), fewest - 1);
    if (edits < fewest && edits < wanted.length) [best, fewest] = [candidate, edits];
  }
  return best ?? onlyOneStartingWith(wanted, known);
}

/** `; did you mean refuse?`, or nothing when no candidate is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const suggestion = nearest(word, candidates);
  return suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
}

/**
 * The number of insertions, deletions, replacements and swaps of neighbours between two words
 * (Damerau–Levenshtein, optimal string alignment); `limit + 1` stands for anything above `limit`.
 *
 * Words whose lengths differ by more than the limit cost nothing to compare, whatever their size.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = nextRow(a, b, row, last, beforeLast);
    if (Math.min(...current) > limit) return limit + 1;
    [beforeLast, last] = [last, current];
  }
  return Math.min(last[b.length], limit + 1);
}

function nextRow(a: string, b: string, row: number, last: number[], beforeLast: number[]) {
  const current = [row];
  for (let column = 1; column <= b.length; column++) {
    const replaced = last[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
    let cost = Math.min(replaced, last[column] + 1, current[column - 1] + 1);
    if (areSwapped(a, b, row, column)) cost = Math.min(cost, beforeLast[column - 2] + 1);
    current.push(cost);
  }
  return current;
}

function areSwapped(a: string, b: string, row: number, column: number): boolean {
  return row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
}

function onlyOneStartingWith<W extends string>(word: string, known: readonly W[]): W | undefined {
  if (word.length < CHARACTERS_PER_EDIT) return undefined;
  const matches = known.filter((candidate) => `-${candidate.toLowerCase()}`.includes(`-${word}`));
  return matches.length === 1 ? matches[0] : undefined;
}
