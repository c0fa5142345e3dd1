/** Set by `deno task lesson`: then a lesson says what it shows. The ordinary suite stays silent. */
const WANTED = Deno.env.has("WAKEFUL_LESSON");

/** Prints one line of what a lesson shows, if somebody came to see it. */
export function show(line: string): void {
  if (WANTED) console.log(`  ${line}`);
}
