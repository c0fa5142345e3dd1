import process from "node:process";
import { pathToFileURL } from "node:url";
import { type Live, LiveBlock } from "./live.ts";

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
  /** Opens a file for writing; what was in it is gone. Throws what the system says. */
  create(path: string): TextFile;
  /** What a file holds. Throws what the system says. */
  read(path: string | URL): Uint8Array;
  /** What a module in that file is imported by. */
  moduleUrl(path: string): string;
  /** Below what is on stderr; none where nobody looks, or where `NO_COLOR` asks for plain text. */
  readonly live: Live | undefined;
  /** How much CPU the process has used, all its threads together, in milliseconds. */
  cpuTime(): number;
  /** The operating system, such as `linux`. */
  readonly os: string;
  /** Whether somebody types: then Ctrl-C comes from a terminal. */
  readonly interactive: boolean;
  /** Tells errors that nobody caught, which would end the process, until it is disposed. */
  onStrayError(tell: (error: unknown) => void): Disposable;
  /** Ends the process at once. */
  exit(code: number): never;
}

const MICROSECONDS_PER_MS = 1_000;

const live = Deno.stderr.isTerminal() && !Deno.noColor
  ? new LiveBlock(
    (text) => writeAll(Deno.stderr, new TextEncoder().encode(text)),
    () => Deno.consoleSize().columns,
  )
  : undefined;

/** The process itself. */
export const processTerminal: Terminal = {
  out: (line) => aboveLive(() => console.log(line)),
  err: (line) => aboveLive(() => console.error(line)),
  variable: (name) => {
    const { state } = Deno.permissions.querySync({ name: "env", variable: name });
    return state === "granted" ? Deno.env.get(name) : undefined;
  },
  append: (path) => textFile(path, { append: true, create: true }),
  create: (path) => textFile(path, { write: true, truncate: true, create: true }),
  read: (path) => Deno.readFileSync(path),
  moduleUrl: (path) => pathToFileURL(path).href,
  live,
  cpuTime: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / MICROSECONDS_PER_MS;
  },
  os: Deno.build.os,
  interactive: Deno.stdin.isTerminal(),
  onStrayError: strayErrors,
  exit: (code) => Deno.exit(code),
};

function textFile(path: string, how: Deno.OpenOptions): TextFile {
  const file = Deno.openSync(path, how);
  return {
    write: (text) => writeAll(file, new TextEncoder().encode(text)),
    close: () => file.close(),
  };
}

function strayErrors(tell: (error: unknown) => void): Disposable {
  const thrown = (event: ErrorEvent) => {
    event.preventDefault();
    tell(event.error);
  };
  const rejected = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    tell(event.reason);
  };
  addEventListener("error", thrown);
  addEventListener("unhandledrejection", rejected);
  return {
    [Symbol.dispose]: () => {
      removeEventListener("error", thrown);
      removeEventListener("unhandledrejection", rejected);
    },
  };
}

function aboveLive(write: () => void): void {
  if (live === undefined) write();
  else live.above(write);
}

function writeAll(file: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
