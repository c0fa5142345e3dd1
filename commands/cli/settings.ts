/**
 * The values a run was given, one layer per source: the command line above the environment above
 * the defaults. A lower layer is not even read where a higher one has spoken.
 */
import { accepts, misplaced } from "./action.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./errors.ts";
import { longName, variableName } from "./flag.ts";
import type { Kind } from "./kind.ts";
import { quote } from "./quote.ts";
import type { NamedFlag, Spelling } from "./spelling.ts";

/** Looks an environment variable up; passed in, so that nothing here touches the process. */
export type ReadVariable = (name: string) => string | undefined;

/** Values by option name, of one source. */
export type Layer = Map<string, unknown>;

/**
 * Reads the words given to each flag on the command line, in the order the flags were typed.
 *
 * @throws {UsageError} for a bad value, a single flag given twice, or one the action does not take.
 */
export function readCommandLine(
  command: Command,
  action: string,
  given: Iterable<readonly [NamedFlag, readonly string[]]>,
): Layer {
  const layer: Layer = new Map();
  for (const [{ key, name, flag }, words] of given) {
    if (!accepts(command, action, key)) throw misplaced(command, action, name);
    if (words.length > 1 && !flag.kind.repeats) {
      throw new UsageError(`--${name} given ${words.length} times: expected at most once`);
    }
    layer.set(key, readWords(flag.kind, words, `--${name} `));
  }
  return layer;
}

/**
 * Reads from the environment what the command line left open; an empty variable counts as unset,
 * and a repeatable flag gets one value.
 *
 * @throws {UsageError} for a bad value, naming the variable.
 */
export function readEnvironment(
  command: Command,
  action: string,
  spelling: Spelling,
  readVariable: ReadVariable,
  commandLine: Layer,
): Layer {
  const layer: Layer = new Map();
  for (const { key, flag } of spelling.all()) {
    if (flag.env === false || commandLine.has(key) || !accepts(command, action, key)) continue;
    for (const variable of [variableName(command.name, key), flag.sharedVariable]) {
      const word = variable && readVariable(variable);
      if (!word) continue;
      layer.set(key, readWords(flag.kind, [word], `${variable}=`));
      break;
    }
  }
  return layer;
}

/**
 * Lets a flag on the command line silence the variables it conflicts with.
 *
 * @throws {UsageError} when two flags that exclude each other come from the same source.
 */
export function settleConflicts(command: Command, commandLine: Layer, environment: Layer): void {
  for (const [one, other] of command.conflicts ?? []) {
    if (commandLine.has(one)) environment.delete(other);
    if (commandLine.has(other)) environment.delete(one);
    const flags = [`--${longName(one)}`, `--${longName(other)}`];
    const variables = [variableName(command.name, one), variableName(command.name, other)];
    for (const [layer, names] of [[commandLine, flags], [environment, variables]] as const) {
      if (!layer.has(one) || !layer.has(other)) continue;
      throw new UsageError(`${names.join(" and ")} exclude each other: expected only one of them`);
    }
  }
}

function readWords(kind: Kind<unknown>, words: readonly string[], prefix: string): unknown {
  let value: unknown;
  for (const word of words) {
    const reading = kind.read(word, value);
    if (!reading.ok) {
      throw new UsageError(`${prefix}${quote(word)}: expected ${reading.expected}`);
    }
    value = reading.value;
  }
  return value;
}
