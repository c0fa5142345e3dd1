/** What an error says, without what it was before it was text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Where an error was made: the innermost line that is not wakeful's own, if there is one. */
export function placeOf(error: unknown): string | undefined {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  const frames = [...stack.matchAll(FRAME)].map(([, frame]) => frame);
  return frames.find((frame) => !OWN.some((folder) => frame.includes(folder))) ?? frames.at(0);
}

/** Frames of the platform have no address. */
const FRAME = /\n\s+at (.*(?:file|https?|data):.+)/g;
const OWN = ["runtime", "net", "commands"]
  .map((folder) => new URL(`../../../${folder}/`, import.meta.url).href);
