import { NotPortable } from "../core/errors.ts";

/** What a function answers once it has been waited for. */
export type Answered<R> = R extends Generator<void, infer T, void> ? T
  : R extends { poll(...args: never[]): infer P } ? Exclude<P, symbol>
  : Awaited<R>;

/**
 * A function that any thread can run, because each can import it: the address of its module and
 * the name under which the module exports it. Made by {@link portable}.
 */
export class Portable<A extends unknown[], T> {
  readonly #run: (...args: A) => unknown;

  constructor(readonly module: string, readonly run: (...args: A) => unknown) {
    this.#run = run;
  }

  /** Under which its module exports it. */
  get name(): string {
    return this.#run.name;
  }

  /** What tells it from all others, on every thread: module, name, and a digest of its text. */
  get key(): string {
    return `${this.module}#${this.name}#${digest(String(this.#run))}`;
  }

  /** What it answers when run; for types only. */
  declare readonly answer: T;

  toString(): string {
    return `${this.name} of ${this.module}`;
  }
}

/**
 * Marks an exported function as one that other threads can run.
 *
 * A closure cannot move to another thread: there, its module is imported anew, with variables of
 * its own, and what it exports under the function's name is called. So export either the function
 * or what this returns, under the function's own name.
 *
 * The function may return a value, a coroutine, which runs as a task of the other thread's own
 * runtime and may sleep and do I/O there, or a promise.
 *
 * @throws {NotPortable} when the function has no name
 *
 * @example In a module of its own this would be `export const double = portable(…)`
 * ```ts
 * import { portable } from "wakeful/runtime";
 * import { assertEquals } from "@std/assert";
 *
 * const double = portable(import.meta.url, function double(n: number) {
 *   return 2 * n;
 * });
 * assertEquals([double.name, double.run(21)], ["double", 42]);
 * ```
 */
export function portable<A extends unknown[], R>(
  module: string,
  run: (...args: A) => R,
): Portable<A, Answered<R>> {
  if (run.name === "") {
    throw new NotPortable("a function without a name", "name it as its module exports it");
  }
  return new Portable(module, run);
}

/**
 * Finds on this thread what `key` names.
 *
 * @throws {NotPortable} when its module does not export it
 */
export async function importPortable(key: string): Promise<(...args: unknown[]) => unknown> {
  const [name, text] = key.split("#").slice(-2);
  const module = key.slice(0, -(name.length + text.length + 2));
  const exports: Record<string, unknown> = await import(module);
  const found = exports[name];
  const run = found instanceof Portable ? found.run : found;
  if (typeof run !== "function") {
    throw new NotPortable(`the function ${name}`, `${module} does not export it under that name`);
  }
  if (digest(String(run)) !== text) {
    throw new NotPortable(
      `the function ${name}`,
      `it is not the one that ${module} exports under that name, so it may be a closure`,
    );
  }
  return run as (...args: unknown[]) => unknown;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const HEX = 16;

/** FNV-1a of a text: enough to notice that it is another one. */
function digest(text: string): string {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  }
  return (hash >>> 0).toString(HEX);
}
