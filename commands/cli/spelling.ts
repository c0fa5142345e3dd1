import { UsageError } from "./errors.ts";
import { type Flag, type Flags, longName } from "./flag.ts";
import { HELP_WORDS } from "./help_request.ts";
import { quote } from "./quote.ts";
import { nearest } from "./suggest.ts";

/** What turns a switch's name into the flag that turns it off. */
export const NEGATION = "no-";

/** A flag together with the names it goes by. */
export interface NamedFlag {
  /** The option's name in the table. */
  readonly key: string;
  /** What is typed, without dashes. */
  readonly name: string;
  readonly flag: Flag<unknown>;
}

/** Finds the flags of a table by what a user types. */
export class Spelling {
  readonly #byName = new Map<string, NamedFlag>();
  readonly #byLetter = new Map<string, NamedFlag>();

  constructor(flags: Flags) {
    for (const [key, flag] of Object.entries(flags)) {
      const named = { key, name: longName(key), flag };
      this.#byName.set(named.name, named);
      if (flag.letter !== undefined) this.#byLetter.set(flag.letter, named);
    }
  }

  /** Every flag, in the order of the table. */
  all(): Iterable<NamedFlag> {
    return this.#byName.values();
  }

  byName(name: string): NamedFlag | undefined {
    return this.#byName.get(name);
  }

  byLetter(letter: string): NamedFlag | undefined {
    return this.#byLetter.get(letter);
  }

  /** The switch that `no-…` turns off. */
  byNegation(name: string): NamedFlag | undefined {
    const positive = name.startsWith(NEGATION)
      ? this.#byName.get(name.slice(NEGATION.length))
      : undefined;
    return positive?.flag.kind.isSwitch ? positive : undefined;
  }

  /** The error for a word that looks like a flag and is none, with the nearest one there is. */
  unknown(word: string): UsageError {
    const suggestion = this.#suggestion(word.replace(/^-+/, ""));
    const hint = suggestion === undefined ? "; --help lists all" : `; did you mean ${suggestion}?`;
    return new UsageError(`unknown flag ${quote(word)}${hint}`);
  }

  #suggestion(typed: string): string | undefined {
    const letter = [typed.toLowerCase(), typed.toUpperCase()].find((it) => this.#byLetter.has(it));
    if (letter !== undefined) return `-${letter}`;
    const name = nearest(typed, this.#suggestible());
    return name === undefined ? undefined : `--${name}`;
  }

  *#suggestible(): Generator<string> {
    for (const { name, flag } of this.#byName.values()) {
      if (flag.hidden) continue;
      yield name;
      if (flag.kind.isSwitch) yield NEGATION + name;
    }
    yield* HELP_WORDS;
  }
}
