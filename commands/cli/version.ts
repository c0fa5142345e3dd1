import config from "../../deno.json" with { type: "json" };

/** Of all the tools together. */
export const VERSION: string = config.version;

/** The line that `--version` prints: the program, what runs it, and for which machine. */
export function versionLine(program: string): string {
  const { deno, v8 } = Deno.version;
  return `${program} ${VERSION} (deno ${deno}, v8 ${v8}, ${Deno.build.target})`;
}
