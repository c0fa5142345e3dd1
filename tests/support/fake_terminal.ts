import { pathToFileURL } from "node:url";
import type { Live } from "../../commands/cli/live.ts";
import type { Terminal, TextFile } from "../../commands/cli/terminal.ts";

/** Thrown in the place of ending the process. */
export class Exited extends Error {
  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
  }
}

/** A terminal that remembers what it was told, and whose lines can be waited for. */
export class FakeTerminal implements Terminal {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  readonly exits: number[] = [];
  /** What was added to files, by path. */
  readonly files = new Map<string, string>();
  interactive = false;
  os = "linux";
  live: Live | undefined;
  /** What it says the process has used, in milliseconds. */
  cpu = 0;
  /** Told of an error that nobody caught; undefined where nobody wants to know. */
  strayError: ((error: unknown) => void) | undefined;
  #variables: Record<string, string>;
  #watchers: { pattern: RegExp; found: (match: RegExpExecArray) => void }[] = [];

  constructor(variables: Record<string, string> = {}) {
    this.#variables = variables;
  }

  out(line: string): void {
    this.#add(this.stdout, line);
  }

  err(line: string): void {
    this.#add(this.stderr, line);
  }

  /** Bound, because it is handed on by itself. */
  readonly variable = (name: string): string | undefined => this.#variables[name];

  append(path: string): TextFile {
    const add = (text: string) => void this.files.set(path, (this.files.get(path) ?? "") + text);
    add("");
    return { write: add, close() {} };
  }

  create(path: string): TextFile {
    this.files.delete(path);
    return this.append(path);
  }

  read(path: string): Uint8Array {
    const text = this.files.get(path);
    if (text === undefined) throw new Error(`No such file: ${path}`);
    return new TextEncoder().encode(text);
  }

  cpuTime(): number {
    return this.cpu;
  }

  moduleUrl(path: string): string {
    return pathToFileURL(path).href;
  }

  onStrayError(tell: (error: unknown) => void): Disposable {
    this.strayError = tell;
    return { [Symbol.dispose]: () => void (this.strayError = undefined) };
  }

  exit(code: number): never {
    this.exits.push(code);
    throw new Exited(code);
  }

  /** The first line, of those there are or of those to come, that looks like this. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve) => {
      this.#watchers.push({ pattern, found: resolve });
      for (const line of [...this.stdout, ...this.stderr]) this.#show(line);
    });
  }

  #add(lines: string[], line: string): void {
    lines.push(line);
    this.#show(line);
  }

  #show(line: string): void {
    for (const { pattern, found } of this.#watchers) {
      const match = pattern.exec(line);
      if (match) found(match);
    }
  }
}
