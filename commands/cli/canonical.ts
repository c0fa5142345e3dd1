/**
 * Rewrites a command line so that it can be read in one way only: every flag one word,
 * `--name=value`.
 *
 * `parseArgs` guesses where a word could be a value or a flag: it takes `-1` in `--port -1` for a
 * flag, lets a switch swallow a following `true`, accepts `--stats=maybe`, and reads `-z10s` as
 * four switches. We know from the table which flags take values, so we join them first and leave
 * it nothing to guess.
 */
import { UsageError } from "./errors.ts";
import type { NamedFlag, Spelling } from "./spelling.ts";

/** Everything after this word is an argument, whatever it looks like. */
export const END_OF_FLAGS = "--";

/** A flag as it was typed; without a value when that is still to come as the next word. */
interface Use {
  readonly named: NamedFlag;
  readonly value?: string;
}

/**
 * The same command line with `--name=value` for every flag; arguments, and all after `--`,
 * unchanged.
 *
 * @throws {UsageError} for an unknown flag, a missing value, or a value given to `--no-…`.
 */
export function canonical(argv: readonly string[], spelling: Spelling): string[] {
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    if (argv[at] === END_OF_FLAGS) return [...words, ...argv.slice(at)];
    if (!looksLikeFlag(argv[at])) {
      words.push(argv[at]);
      continue;
    }
    for (const { named, value } of uses(argv[at], spelling)) {
      const text = value ?? nextWord(named, argv[++at], spelling);
      words.push(`--${named.name}=${text}`);
    }
  }
  return words;
}

/** `-` alone is an argument: by custom it names standard input. */
function looksLikeFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

function uses(word: string, spelling: Spelling): Use[] {
  return word.startsWith("--") ? [longUse(word, spelling)] : letterUses(word, spelling);
}

function longUse(word: string, spelling: Spelling): Use {
  const { name, value } = splitAtEquals(word.slice(2));
  const named = spelling.byName(name);
  if (named) return { named, value: value ?? (named.flag.kind.isSwitch ? "true" : undefined) };
  const negated = spelling.byNegation(name);
  if (!negated) throw spelling.unknown(`--${name}`);
  if (value !== undefined) {
    throw new UsageError(`--${name} takes no value: expected --${name} or --${negated.name}`);
  }
  return { named: negated, value: "false" };
}

function splitAtEquals(word: string): { name: string; value?: string } {
  const equals = word.indexOf("=", 1);
  return equals < 0
    ? { name: word }
    : { name: word.slice(0, equals), value: word.slice(equals + 1) };
}

/**
 * `-vn10` is `-v -n 10`: switches may be bundled, and the first letter with a value takes the rest.
 * `-port` is refused where there is a `--port`, although `-p ort` could be meant: it never is.
 */
function letterUses(word: string, spelling: Spelling): Use[] {
  const asLongName = word.slice(1);
  if (asLongName.length > 1 && spelling.byName(asLongName)) throw spelling.unknown(word);
  const found: Use[] = [];
  for (let at = 1; at < word.length; at++) {
    const named = spelling.byLetter(word[at]);
    if (!named) throw spelling.unknown(`-${splitAtEquals(word.slice(at)).name}`);
    const rest = word.slice(at + 1);
    const attached = rest.startsWith("=") ? rest.slice(1) : rest;
    if (!named.flag.kind.isSwitch) {
      return [...found, { named, value: rest === "" ? undefined : attached }];
    }
    if (rest.startsWith("=")) return [...found, { named, value: attached }];
    found.push({ named, value: "true" });
  }
  return found;
}

function nextWord(named: NamedFlag, next: string | undefined, spelling: Spelling): string {
  if (next !== undefined && !isFlagOfOurs(next, spelling)) return next;
  const way = next === undefined ? "" : ` (a value that starts with a dash: --${named.name}=VALUE)`;
  throw new UsageError(`--${named.name} needs a value: expected ${named.flag.kind.expects}${way}`);
}

/** A negative number or other text with one dash is a value, so that it is judged as one. */
function isFlagOfOurs(word: string, spelling: Spelling): boolean {
  return word.startsWith("--") || (looksLikeFlag(word) && spelling.byLetter(word[1]) !== undefined);
}
