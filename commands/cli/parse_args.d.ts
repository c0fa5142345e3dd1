/** The slice of `@std/cli/parse-args` that `parse.ts` uses; the package on npm ships no types. */

export interface ParseOptions<S extends string> {
  /** Names whose values stay text; `_` keeps the positional words text too. */
  string: readonly (S | "_")[];
  /** Names whose values are gathered in a list. */
  collect: readonly S[];
  /** Keeps the words after `--` apart, under that name. */
  "--": true;
}

export type ParsedArguments<S extends string> =
  & { _: string[]; "--": string[] }
  & Record<S, string[]>;

export function parseArgs<S extends string>(
  args: readonly string[],
  options: ParseOptions<S>,
): ParsedArguments<S>;
