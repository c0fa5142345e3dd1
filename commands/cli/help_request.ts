/** A request for words instead of work; nothing else on the command line was looked at. */
export type HelpRequest =
  /** With the action that help is wanted about. */
  | { readonly action: "help"; readonly about?: string }
  | { readonly action: "version" };

/** Names that mean the same in every command; no table may give them another meaning. */
export const HELP_WORDS = ["help", "version"] as const;
/** The one letter that means the same in every command. */
export const HELP_LETTER = "h";

/** What a word asks for: `-h`, `--help`, `--version`; a value after `=` does not matter. */
export function helpRequest(word: string): HelpRequest | undefined {
  const [flag] = word.split("=");
  if (flag === "--help" || flag === `-${HELP_LETTER}`) return { action: "help" };
  return flag === "--version" ? { action: "version" } : undefined;
}
