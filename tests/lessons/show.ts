/** Set by `deno task lesson`: then a lesson says what it shows. The ordinary suite stays silent. */
const WANTED = Deno.env.has("WAKEFUL_LESSON");

/** Prints what a lesson shows, line by line, if somebody came to see it. */
export function show(...lines: readonly string[]): void {
  if (WANTED) { for (const line of lines) console.log(`  ${line}`); }
}
