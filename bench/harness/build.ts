/** Programs made on the spot: what is compiled stays beside the bench, what is fetched outside. */
import { resolve } from "node:path";
import { BenchFailure } from "./failure.ts";
import { runTool } from "./tool.ts";

const BENCH = resolve(import.meta.dirname!, "..");
const BUILD = `${BENCH}/.build`;

/** The folder for what is compiled, or one in it, there from now on; git does not see it. */
export async function buildFolder(name = ""): Promise<string> {
  const folder = resolve(BUILD, name);
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

/** Compiles `bench/FOLDER/NAME.c` and answers the program's path. */
export async function compileC(folder: string, name: string): Promise<string> {
  const program = `${await buildFolder()}/${name}`;
  const flags = ["-O2", "-Wall", "-Wextra", "-o", program];
  await runTool("cc", [...flags, `${BENCH}/${folder}/${name}.c`], `it compiles ${name}.c`);
  return program;
}

/**
 * The program `bin` of an npm package, fetched once to a folder outside the repository, so that it
 * is nobody's dependency.
 */
export async function fetchFromNpm(name: string, version: string, bin: string): Promise<string> {
  return `${await installFromNpm(name, version)}/node_modules/.bin/${bin}`;
}

/** The folder outside the repository into which an npm package was fetched, once. */
export async function installFromNpm(name: string, version: string): Promise<string> {
  const folder = `${cacheFolder()}/${name}-${version}`;
  if (await isThere(`${folder}/node_modules/${name}`)) return folder;
  await Deno.mkdir(folder, { recursive: true });
  const args = ["install", "--loglevel=error", "--prefix", folder, `${name}@${version}`];
  await runTool("npm", args, `it fetches ${name}`, { cwd: folder });
  return folder;
}

function cacheFolder(): string {
  const home = Deno.env.get("HOME");
  const caches = Deno.env.get("XDG_CACHE_HOME") ?? (home && `${home}/.cache`);
  if (caches) return `${caches}/wakeful-bench`;
  throw new BenchFailure("neither XDG_CACHE_HOME nor HOME says where to keep what is fetched");
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
