import { parse } from "../../../commands/cli/parse.ts";
import { LOAD_TESTER, type LoadOptions } from "../../../commands/load-tester/command.ts";

/** What a command line asks for. */
export function optionsOf(...words: string[]): LoadOptions {
  const parsed = parse(LOAD_TESTER, words, () => undefined);
  if (!("options" in parsed)) throw new Error(`No options in ${words.join(" ")}`);
  return parsed.options;
}
