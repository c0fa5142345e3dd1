import { dirname } from "node:path";

/** Writes a report where it was asked for, folders included. */
export async function writeReport(path: string | undefined, content: () => string): Promise<void> {
  if (path === undefined) return;
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, content());
}
