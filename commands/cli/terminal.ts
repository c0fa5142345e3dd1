/** A file that text is added to. */
export interface TextFile {
  /** Adds `text` at the end, at once. */
  write(text: string): void;
  close(): void;
}

/** What a command may do to the process it runs in, so that tests can stand in for it. */
export interface Terminal {
  /** A line of results, on stdout. */
  out(line: string): void;
  /** A line of talk: logs, progress, errors; on stderr. */
  err(line: string): void;
  /** An environment variable; one that may not be read counts as unset. */
  variable(name: string): string | undefined;
  /** Opens a file for adding to its end; it is made if there is none. Throws what the system says. */
  append(path: string): TextFile;
  /** Whether somebody types: then Ctrl-C comes from a terminal. */
  readonly interactive: boolean;
  /** Ends the process at once. */
  exit(code: number): never;
}

/** The process itself. */
export const processTerminal: Terminal = {
  out: (line) => console.log(line),
  err: (line) => console.error(line),
  variable: (name) => {
    const { state } = Deno.permissions.querySync({ name: "env", variable: name });
    return state === "granted" ? Deno.env.get(name) : undefined;
  },
  append: (path) => {
    const file = Deno.openSync(path, { append: true, create: true });
    return {
      write: (text) => writeAll(file, new TextEncoder().encode(text)),
      close: () => file.close(),
    };
  },
  interactive: Deno.stdin.isTerminal(),
  exit: (code) => Deno.exit(code),
};

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
