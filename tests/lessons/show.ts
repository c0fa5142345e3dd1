/** Prints what a lesson shows, when the environment variable WAKEFUL_LESSON is set. */
export function show(...lines: string[]): void {
  if (Deno.env.get("WAKEFUL_LESSON") !== undefined) console.log(lines.join("\n"));
}
