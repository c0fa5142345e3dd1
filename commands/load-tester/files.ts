import { RuntimeFailure } from "../cli/errors.ts";
import type { Terminal, TextFile } from "../cli/terminal.ts";

/**
 * What a file holds that a flag names.
 *
 * @throws {RuntimeFailure} naming the flag and the file
 */
export function readFile(flag: string, path: string, terminal: Terminal): Uint8Array {
  return orTell(`${flag}: cannot read ${path}`, () => terminal.read(path));
}

/** As {@link readFile}, as text. */
export function readText(flag: string, path: string, terminal: Terminal): string {
  return new TextDecoder().decode(readFile(flag, path, terminal));
}

/**
 * A new file for results, made before there are any: it is better to know now.
 *
 * @throws {RuntimeFailure} naming the flag and the file
 */
export function createFile(flag: string, path: string, terminal: Terminal): TextFile {
  return orTell(`${flag}: cannot write ${path}`, () => terminal.create(path));
}

/**
 * Makes sure that a file can be written later, and leaves what is in it until then.
 *
 * @throws {RuntimeFailure} naming the flag and the file
 */
export function assertWritable(flag: string, path: string, terminal: Terminal): void {
  orTell(`${flag}: cannot write ${path}`, () => terminal.append(path).close());
}

function orTell<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new RuntimeFailure(`${what}: ${message}`, { cause: error });
  }
}
