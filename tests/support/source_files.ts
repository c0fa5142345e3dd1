/** The repository as files, for the tests that hold its structure. */

export const ROOT = new URL("../../", import.meta.url);

/** Every TypeScript file below the given folders and files, as paths from the root. */
export function sourceFiles(...places: string[]): string[] {
  return places.flatMap((place) => place.endsWith(".ts") ? [place] : [...filesBelow(place)]).sort();
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(new URL(folder, ROOT))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* filesBelow(path);
    else if (path.endsWith(".ts") && !path.endsWith(".d.ts")) yield path;
  }
}

export function readSource(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** The code without its comments, with as many lines as before. */
export function withoutComments(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|\s)\/\/.*$/gm, "$1");
}

const IMPORT = /^(?:import|export)\b[^;'"]*?\bfrom\s+["']([^"']+)["']|^import\s+["']([^"']+)["']/gm;

/** What a file imports, types included; files of the repository as paths from the root. */
export function importsOf(path: string): string[] {
  return [...withoutComments(readSource(path)).matchAll(IMPORT)].map(([, from, bare]) => {
    const target = from ?? bare;
    if (!target.startsWith(".")) return target;
    return new URL(target, new URL(path, ROOT)).pathname.slice(ROOT.pathname.length);
  });
}
