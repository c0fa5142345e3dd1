import { type Flags, longName } from "./flag.ts";
import { HELP_LETTER, HELP_WORDS } from "./help_request.ts";

/** A word after the command's name that says what to do: `run`, `test`. */
export interface Action<K extends string = string> {
  /** One line for `--help`; lower-case start, no final period. */
  readonly about: string;
  /** The flags that mean something here; all of them when left out, `[]` for none. */
  readonly flags?: readonly K[];
  /** What it takes besides flags; what the command takes when left out. */
  readonly args?: Arguments;
}

/** What a command takes besides flags and its action. */
export interface Arguments {
  /** What one of them is called in `--help` and in messages: `URL`. */
  readonly placeholder: string;
  /** How they are typed, for `--help`, where each is something else: `TYPE [PAYLOAD]`. */
  readonly usage?: string;
  readonly min?: number;
  readonly max: number;
}

/** A line to try; `$0` stands for the program. */
export interface Example {
  readonly line: string;
  readonly about?: string;
}

/**
 * Everything the command line of one command consists of: parsing, validation, `--help`,
 * environment variables and suggestions all follow from this table.
 */
export interface Command<F extends Flags = Flags, A extends string = string> {
  /**
   * As typed, `echo-server`; also names its environment variables. Commands of one menu that
   * share a name share their variables.
   */
  readonly name: string;
  /** One sentence, lower-case start, no final period. */
  readonly purpose: string;
  readonly flags: F;
  /** The words it understands; a command without any has the one action `run`, never typed. */
  readonly actions?: Readonly<Record<A, Action<NoInfer<keyof F & string>>>>;
  /** What happens when no word is given; without it a word is required. */
  readonly defaultAction?: NoInfer<A>;
  /** Nothing else is taken when this is left out, unless by an action. */
  readonly args?: Arguments;
  /** Flags that exclude each other, by option name. */
  readonly conflicts?: readonly (readonly [NoInfer<keyof F & string>, NoInfer<keyof F & string>])[];
  readonly examples?: readonly Example[];
  /** Codes of its own, besides the ones every command shares. */
  readonly exitCodes?: Readonly<Record<number, string>>;
  /** Paragraphs for the end of `--help`. */
  readonly notes?: readonly string[];
}

/** The action of a command that has no words of its own. */
export const ONLY_ACTION = "run";

const KEY_SHAPE = /^[a-z][A-Za-z0-9]*$/;
const LETTER_SHAPE = /^[A-Za-z0-9]$/;
/** `parseArgs` drops this name without a word, to keep prototypes safe. */
const UNPARSEABLE_KEY = "constructor";

/**
 * Checks a table and returns it with its types.
 *
 * @throws {TypeError} when the table contradicts itself: a name or letter used twice or reserved,
 * a flag that reads like the negation of a switch, a default action that does not exist. That is
 * a mistake in the program, not of its user.
 */
export function command<const F extends Flags, const A extends string = typeof ONLY_ACTION>(
  table: Command<F, A>,
): Command<F, A> {
  const taken = new Set<string>([HELP_LETTER, ...HELP_WORDS, UNPARSEABLE_KEY]);
  const take = (name: string) => {
    if (taken.has(name)) throw mistake(table, `"${name}" is taken`);
    taken.add(name);
  };
  for (const [key, flag] of Object.entries(table.flags)) {
    if (!KEY_SHAPE.test(key)) throw mistake(table, `flag key "${key}" is not in camelCase`);
    take(longName(key));
    if (flag.kind.isSwitch) take(`no-${longName(key)}`);
    if (flag.letter === undefined) continue;
    if (!LETTER_SHAPE.test(flag.letter)) {
      throw mistake(table, `"${flag.letter}" is not one letter or digit`);
    }
    take(flag.letter);
  }
  checkActions(table);
  return table;
}

function checkActions(table: Command): void {
  const { actions, defaultAction } = table;
  const reserved = HELP_WORDS.find((word) => actions && Object.hasOwn(actions, word));
  if (reserved) throw mistake(table, `"${reserved}" is taken`);
  if (defaultAction !== undefined && !Object.hasOwn(actions ?? {}, defaultAction)) {
    throw mistake(table, `default action "${defaultAction}" is not among its actions`);
  }
}

function mistake(table: Command, problem: string): TypeError {
  return new TypeError(`Command table of ${table.name}: ${problem}`);
}
