import { type Action, type Command, ONLY_ACTION } from "./command.ts";
import { UsageError } from "./errors.ts";
import { longName } from "./flag.ts";
import { alternatives } from "./kind.ts";
import { quote } from "./quote.ts";
import { didYouMean } from "./suggest.ts";

/** What to do, and the arguments it was given. */
export interface Chosen {
  readonly action: string;
  readonly rest: readonly string[];
}

/**
 * Takes the action from the first word that is no flag; `literal` are the words after `--`, which
 * are never an action.
 *
 * @throws {UsageError} for an argument the command does not take, or a missing one.
 */
export function chooseAction(
  command: Command,
  words: readonly string[],
  literal: readonly string[],
): Chosen {
  const actions = Object.keys(command.actions ?? {});
  const typed = actions.find((action) => action === words[0]);
  if (typed !== undefined) return withArguments(command, typed, [...words.slice(1), ...literal]);
  const action = actions.length === 0 ? ONLY_ACTION : command.defaultAction;
  const wordIsNeeded = action === undefined;
  const wordIsExpected = actions.length > 0 && command.args === undefined;
  if (words.length > 0 && (wordIsNeeded || wordIsExpected)) {
    throw unexpected(words[0], `expected ${alternatives(actions)}${didYouMean(words[0], actions)}`);
  }
  if (wordIsNeeded) throw new UsageError(`missing action: expected ${alternatives(actions)}`);
  return withArguments(command, action, [...words, ...literal]);
}

/**
 * Whether a flag means something to an action; each takes all flags unless its row says
 * otherwise.
 */
export function accepts(command: Command, action: string, key: string): boolean {
  return flagsOf(command, action)?.includes(key) ?? true;
}

/** The error for a flag that the command has, but not for this action. */
export function misplaced(command: Command, action: string, name: string): UsageError {
  const own = flagsOf(command, action) ?? [];
  const taken = alternatives(own.map((key) => `--${longName(key)}`));
  const instead = own.length === 0 ? "takes no flags" : `takes only ${taken}`;
  return new UsageError(`unexpected flag --${name}: ${action} ${instead}`);
}

function flagsOf(command: Command, action: string): readonly string[] | undefined {
  return rowOf(command, action)?.flags;
}

function rowOf({ actions = {} }: Command, action: string): Action | undefined {
  return Object.hasOwn(actions, action) ? actions[action] : undefined;
}

function withArguments(command: Command, action: string, rest: readonly string[]): Chosen {
  const taken = rowOf(command, action)?.args ?? command.args;
  const { placeholder, min = 0, max } = taken ?? { placeholder: "", max: 0 };
  if (rest.length < min) throw new UsageError(`missing ${placeholder}: expected at least ${min}`);
  if (rest.length <= max) return { action, rest };
  const taker = command.actions ? action : command.name;
  const none = `${taker} takes no arguments`;
  throw unexpected(rest[max], max === 0 ? none : `expected at most ${max} ${placeholder}`);
}

function unexpected(word: string, why: string): UsageError {
  return new UsageError(`unexpected argument ${quote(word)}: ${why}`);
}
