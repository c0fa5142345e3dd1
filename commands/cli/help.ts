import type { Action, Arguments, Command, Example } from "./command.ts";
import { COMMON_EXIT_CODES } from "./errors.ts";
import { type Flag, longName, variableName } from "./flag.ts";
import { HELP_LETTER } from "./help_request.ts";
import { columnWidths, paragraph, type Row, setRow, wrap } from "./layout.ts";

/** How a help page is set. */
export interface HelpStyle {
  /**
   * What the user typed to get here, such as `wakeful echo-server`; the command's name when left
   * out.
   */
  readonly program?: string;
  /** The action that the page is about; all of them when left out. */
  readonly action?: string;
  /** Columns of the terminal; held between 80 and 100. */
  readonly width?: number;
  /** Makes a heading stand out, on a terminal say in bold. */
  readonly heading?: (text: string) => string;
}

/** A heading with the lines under it. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

const NARROWEST = 80;
const WIDEST = 100;
const DEFAULT_GROUP = "Flags";
const HELP_GROUP = "Help";
/** What stands for the program in a table's texts, as in a shell script. */
const PROGRAM = "$0";

/** The `--help` page of a command, or of one of its actions, as text that ends in a line break. */
export function renderHelp(whole: Command, style: HelpStyle = {}): string {
  const { program = whole.name, action } = style;
  const command = action === undefined ? whole : narrowed(whole, action);
  const width = pageWidth(style);
  const named = (text: string) => text.replaceAll(PROGRAM, () => program);
  const title = action === undefined ? program : `${program} ${action}`;
  return renderPage(title, command.purpose, [
    { title: "Usage", lines: usageLines(command).map((usage) => `  ${program}${usage}`) },
    { title: "Actions", lines: action === undefined ? table(actionRows(command), width) : [] },
    ...flagSections(command, width),
    { title: "Values", lines: table(valueRows(command), width) },
    { title: "Environment", lines: environmentLines(command, width) },
    { title: "Examples", lines: exampleLines(command).map(named) },
    { title: "Exit codes", lines: table(exitCodeRows(command), width) },
    {
      title: "Notes",
      lines: (command.notes ?? []).flatMap((note) => paragraph(named(note), width)),
    },
  ], style);
}

/** What is left of a command for whoever wants one of its actions. */
function narrowed(command: Command, word: string): Command {
  const { actions = {}, flags, examples = [], defaultAction } = command;
  const action = actions[word];
  const isIts = ({ line }: Example) => {
    const [, next] = line.split(PROGRAM)[1]?.split(" ") ?? [];
    return Object.hasOwn(actions, next ?? "") ? next === word : word === defaultAction;
  };
  const used = action.flags ?? Object.keys(flags);
  return {
    ...command,
    purpose: action.about,
    flags: Object.fromEntries(Object.entries(flags).filter(([key]) => used.includes(key))),
    actions: { [word]: action },
    examples: examples.filter(isIts),
  };
}

/** A page: program and purpose, then every section that has lines. */
export function renderPage(
  program: string,
  purpose: string,
  sections: readonly Section[],
  style: HelpStyle,
): string {
  const { heading = (text) => text } = style;
  const blocks = sections
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => [heading(`${title}:`), ...lines].join("\n"));
  const opening = wrap(`${program}: ${purpose}`, pageWidth(style)).join("\n");
  return [opening, ...blocks].join("\n\n") + "\n";
}

/** The width to set a page in: what the terminal offers, within what reads well. */
export function pageWidth({ width = NARROWEST }: HelpStyle): number {
  return Math.min(WIDEST, Math.max(NARROWEST, width));
}

/** Rows with columns of their own. */
export function table(rows: readonly Row[], width: number): string[] {
  const columns = columnWidths(rows);
  return rows.flatMap((row) => setRow(row, columns, width));
}

function usageLines(command: Command): string[] {
  const actions = Object.entries(command.actions ?? {});
  if (actions.length === 0) return [` [flags]${argumentsUsage(command.args)}`];
  return actions.map(([word, action]) => {
    const shown = word === command.defaultAction ? `[${word}]` : word;
    const args = argumentsUsage(action.args ?? command.args);
    return ` ${shown}${flagsUsage(command, action)}${args}`;
  });
}

/** More of them than this would fill the page. */
const MOST_SPELLED_OUT = 4;

function flagsUsage(command: Command, { flags }: Action): string {
  if (flags === undefined || flags.length > MOST_SPELLED_OUT) return " [flags]";
  return flags.map((key) => ` [${spelled(longName(key), command.flags[key])}]`).join("");
}

function argumentsUsage(args: Arguments | undefined): string {
  if (!args || args.max === 0) return "";
  if (args.usage !== undefined) return ` ${args.usage}`;
  const several = args.max > 1 ? `${args.placeholder}...` : args.placeholder;
  return args.min ? ` ${several}` : ` [${several}]`;
}

function actionRows(command: Command): Row[] {
  return Object.entries(command.actions ?? {}).map(([word, { about }]) => ({
    cells: [word],
    text: word === command.defaultAction ? `${about} (default)` : about,
  }));
}

function flagSections(command: Command, width: number): Section[] {
  const visible = Object.entries(command.flags).filter(([, flag]) => !flag.hidden);
  const groups = Map.groupBy(visible, ([, flag]) => flag.group ?? DEFAULT_GROUP);
  const anyLetter = visible.some(([, flag]) => flag.letter !== undefined);
  const sections = Array.from(groups, ([title, flags]) => ({
    title,
    rows: flags.map(([key, flag]) => flagRow(longName(key), flag, anyLetter)),
  }));
  sections.push({ title: HELP_GROUP, rows: helpRows(command, anyLetter) });
  const columns = columnWidths(sections.flatMap(({ rows }) => rows));
  return sections.map(({ title, rows }) => ({
    title,
    lines: rows.flatMap((row) => setRow(row, columns, width)),
  }));
}

function flagRow(name: string, flag: Flag<unknown>, anyLetter: boolean): Row {
  const shown = flag.default === undefined ? "" : flag.kind.show(flag.default);
  const cells = [withLetter(spelled(name, flag), flag.letter, anyLetter), shown && `[${shown}]`];
  return { cells, text: flag.kind.repeats ? `${flag.about} (repeatable)` : flag.about };
}

/** How values are written; each notation once. */
function valueRows({ flags }: Command): Row[] {
  const kinds = Object.values(flags).filter(({ hidden }) => !hidden).map(({ kind }) => kind);
  const notations = new Map(kinds.map(({ placeholder, notation }) => [placeholder, notation]));
  return [...notations].flatMap(([placeholder, notation]) =>
    notation === undefined ? [] : [{ cells: [placeholder], text: notation }]
  );
}

function helpRows({ actions = {} }: Command, anyLetter: boolean): Row[] {
  const isForMore = Object.keys(actions).length > 1;
  const text = isForMore ? "print this page; after an action, one about it" : "print this page";
  return [
    { cells: [withLetter("--help", HELP_LETTER, anyLetter), ""], text },
    { cells: [withLetter("--version", undefined, anyLetter), ""], text: "print the version" },
  ];
}

/** `--port PORT`, `--stats`, and `--[no-]keepalive` for a switch that is on unless turned off. */
function spelled(name: string, { kind, default: value }: Flag<unknown>): string {
  if (kind.isSwitch) return value === true ? `--[no-]${name}` : `--${name}`;
  return `--${name} ${kind.placeholder}`;
}

function withLetter(spelled: string, letter: string | undefined, anyLetter: boolean): string {
  if (letter !== undefined) return `-${letter}, ${spelled}`;
  return anyLetter ? `    ${spelled}` : spelled;
}

function environmentLines(command: Command, width: number): string[] {
  const flags = Object.entries(command.flags).filter(([, flag]) => !flag.hidden);
  const settable = flags.find(([, flag]) => flag.env !== false);
  if (!settable) return [];
  const pattern = variableName(command.name, "<flag>");
  const example = variableName(command.name, settable[0]);
  const closed = flags.filter(([, flag]) => flag.env === false).map(([key]) =>
    `--${longName(key)}`
  );
  const except = closed.length === 0 ? "" : ` except ${closed.join(", ")}`;
  const text = `Every flag${except} may also be set as ${pattern}, for example ${example}; ` +
    "the command line wins.";
  return paragraph(text, width);
}

function exampleLines(command: Command): string[] {
  return (command.examples ?? []).flatMap(({ line, about }) =>
    about === undefined ? [`  ${line}`] : [`  ${line}`, `      ${about}`]
  );
}

function exitCodeRows(command: Command): Row[] {
  const meanings = Object.entries({ ...COMMON_EXIT_CODES, ...command.exitCodes });
  return meanings.map(([code, text]) => ({ cells: [code], text }));
}
