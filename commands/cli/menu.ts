import { UsageError } from "./errors.ts";
import { type HelpStyle, pageWidth, renderPage, table } from "./help.ts";
import { type HelpRequest, helpRequest } from "./help_request.ts";
import { alternatives } from "./kind.ts";
import { paragraph } from "./layout.ts";
import { quote } from "./quote.ts";
import { didYouMean } from "./suggest.ts";

/** A program whose first word picks a command with a table of its own. */
export interface Menu<W extends string = string> {
  readonly name: string;
  /** One sentence, lower-case start, no final period. */
  readonly purpose: string;
  /** The words and one line about each, in the order `--help` lists them. */
  readonly commands: Readonly<Record<W, string>>;
}

/** The command that was picked, with the command line that is left for it. */
export interface Picked<W extends string> {
  readonly action: W;
  readonly argv: readonly string[];
}

/**
 * Picks a command by the first word; `help WORD` is `WORD --help`.
 *
 * @throws {UsageError} when the first word is missing, a flag, or no command.
 */
export function pick<W extends string>(
  menu: Menu<W>,
  argv: readonly string[],
): HelpRequest | Picked<W> {
  const words = Object.keys(menu.commands) as W[];
  const choices = alternatives(words);
  const [first, ...rest] = argv;
  if (first === undefined) throw new UsageError(`missing command: expected ${choices}`);
  if (first === "help") {
    return rest.length > 0 ? pick(menu, [rest[0], "--help"]) : { action: first };
  }
  const asked = helpRequest(first);
  if (asked) return asked;
  const action = words.find((word) => word === first);
  if (action !== undefined) return { action, argv: rest };
  if (first.startsWith("-")) {
    throw new UsageError(`unexpected flag ${quote(first)}: a command comes first, ${choices}`);
  }
  const hint = didYouMean(first, words);
  throw new UsageError(`unknown command ${quote(first)}: expected ${choices}${hint}`);
}

/** The `--help` page of a menu. */
export function renderMenu(menu: Menu, style: HelpStyle = {}): string {
  const program = style.program ?? menu.name;
  const width = pageWidth(style);
  const rows = Object.entries(menu.commands).map(([word, text]) => ({ cells: [word], text }));
  const more = `${program} COMMAND --help tells more about one of them.`;
  return renderPage(program, menu.purpose, [
    { title: "Usage", lines: [`  ${program} COMMAND [flags]`] },
    { title: "Commands", lines: [...table(rows, width), "", ...paragraph(more, width)] },
  ], style);
}
