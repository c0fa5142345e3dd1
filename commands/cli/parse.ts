// @ts-types="./parse_args.d.ts"
import { parseArgs } from "@std/cli/parse-args";
import { chooseAction } from "./action.ts";
import { canonical, END_OF_FLAGS } from "./canonical.ts";
import type { Command } from "./command.ts";
import type { Flags, Options } from "./flag.ts";
import { HELP_LETTER, type HelpRequest, helpRequest } from "./help_request.ts";
import {
  type Layer,
  readCommandLine,
  readEnvironment,
  type ReadVariable,
  settleConflicts,
} from "./settings.ts";
import { type NamedFlag, Spelling } from "./spelling.ts";

/** Where an option's value came from. */
export type Source = "command line" | "environment" | "default";

/** What to do and with which values. */
export interface Invocation<F extends Flags, A extends string> {
  readonly action: A;
  readonly options: Options<F>;
  /** The arguments that are neither flags nor the action. */
  readonly rest: readonly string[];
  /** Where each option's value came from. */
  readonly sources: Readonly<Record<keyof F, Source>>;
}

/**
 * Reads a command line and the environment by a command's table.
 *
 * `-h`, `--help` and `--version` win over everything else wherever they stand before `--`, even
 * on a command line that is otherwise wrong. A flag given on the command line is not looked up in
 * the environment, so a bad variable can be overridden.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { command } from "./command.ts";
 * import { flag } from "./flag.ts";
 * import { duration, port } from "./kind.ts";
 *
 * const clock = command({
 *   name: "clock-server",
 *   purpose: "tells the time",
 *   flags: {
 *     port: flag(port(), { default: 8080, letter: "p", about: "port to listen on" }),
 *     every: flag(duration(), { about: "tell it again and again" }),
 *   },
 * });
 * const variables = new Map([["WAKEFUL_CLOCK_SERVER_EVERY", "2m"]]);
 * const parsed = parse(clock, ["-p", "0"], (name) => variables.get(name));
 * if (parsed.action !== "run") throw new Error("help was not asked for");
 * const { port: number, every }: { port: number; every?: number } = parsed.options;
 * assertEquals([number, every], [0, 120_000]);
 * ```
 *
 * @throws {UsageError} with a one-line message when anything is unknown, missing or malformed.
 */
export function parse<F extends Flags, A extends string>(
  command: Command<F, A>,
  argv: readonly string[],
  readVariable: ReadVariable,
): HelpRequest | Invocation<F, A> {
  const spelling = new Spelling(command.flags);
  const asked = helpAskedFor(argv, spelling);
  if (asked) return aboutAction(asked, command, argv);
  const { given, words, literal } = split(argv, spelling);
  const { action, rest } = chooseAction(command, words, literal);
  const commandLine = readCommandLine(command, action, given);
  const environment = readEnvironment(command, action, spelling, readVariable, commandLine);
  settleConflicts(command, commandLine, environment);
  // The table's own kinds read every value and its own words named the action: what the types say.
  return { action, rest, ...merge(command.flags, commandLine, environment) } as Invocation<F, A>;
}

function helpAskedFor(argv: readonly string[], spelling: Spelling): HelpRequest | undefined {
  for (const word of argv) {
    if (word === END_OF_FLAGS) return undefined;
    const asked = helpRequest(isBundledHelp(word, spelling) ? `-${HELP_LETTER}` : word);
    if (asked) return asked;
  }
}

/** About the first word of all, when it is an action: what comes later may be a flag's value. */
function aboutAction(asked: HelpRequest, { actions = {} }: Command, argv: readonly string[]) {
  const [about] = argv;
  return asked.action === "help" && Object.hasOwn(actions, about) ? { ...asked, about } : asked;
}

/** `-h` at the end of bundled switches (`-kh`); not the text after a letter that takes a value. */
function isBundledHelp(word: string, spelling: Spelling): boolean {
  if (!word.startsWith("-") || !word.endsWith(HELP_LETTER)) return false;
  const before = word.slice(1, -1);
  return [...before].every((letter) => spelling.byLetter(letter)?.flag.kind.isSwitch);
}

interface CommandLine {
  readonly given: readonly (readonly [NamedFlag, readonly string[]])[];
  readonly words: readonly string[];
  readonly literal: readonly string[];
}

function split(argv: readonly string[], spelling: Spelling): CommandLine {
  const names = Array.from(spelling.all(), ({ name }) => name);
  const parsed = parseArgs(canonical(argv, spelling), {
    string: [...names, "_"],
    collect: names,
    [END_OF_FLAGS]: true,
  });
  const { _: words, [END_OF_FLAGS]: literal, ...byName } = parsed;
  const given = Object.entries(byName)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => [spelling.byName(name)!, values] as const);
  return { given, words, literal };
}

function merge(flags: Flags, commandLine: Layer, environment: Layer) {
  const options: Record<string, unknown> = {};
  const sources: Record<string, Source> = {};
  for (const [key, flag] of Object.entries(flags)) {
    const layer = [commandLine, environment].find((layer) => layer.has(key));
    options[key] = layer ? layer.get(key) : flag.default;
    sources[key] = layer === commandLine ? "command line" : layer ? "environment" : "default";
  }
  return { options, sources };
}
