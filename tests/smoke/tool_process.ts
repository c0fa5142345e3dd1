/** The tools as real processes: from source, or as the executables in `WAKEFUL_DIST`. */

import { ROOT } from "../support/source_files.ts";

const DIST = Deno.env.get("WAKEFUL_DIST");
const DISPATCHER = "wakeful";
const START_LIMIT_MS = 20_000;

/** Where the tools under test come from, for the tests' names. */
export const ORIGIN = DIST === undefined ? "from source" : "compiled";

const SCRATCH = Deno.env.get("TMPDIR") ?? "/tmp";
/** Its threads import what they run, wherever that is; those of the others are wakeful's own. */
const READS_EVERYWHERE = ["job-queue", "load-tester"];

function sourceFlags(tool: string): string[] {
  return [
    "run",
    "--no-prompt",
    "--allow-net",
    "--allow-env=WAKEFUL_*",
    READS_EVERYWHERE.includes(tool) ? "--allow-read" : `--allow-read=${SCRATCH},.`,
    `--allow-write=${SCRATCH}`,
    "--allow-ffi",
    "main.ts",
  ];
}

/** A tool's command line; `task NAME` is that task of `deno.json`. */
function commandLine(tool: string): string[] {
  if (tool.startsWith("task ")) return [Deno.execPath(), ...tool.split(" ")];
  if (DIST === undefined) {
    return [Deno.execPath(), ...sourceFlags(tool), ...(tool === DISPATCHER ? [] : [tool])];
  }
  return [new URL(`${DIST}/${tool}`, ROOT).pathname];
}

/** A command line that runs to its end. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runTool(tool: string, ...flags: string[]): Promise<Finished> {
  const [program, ...args] = commandLine(tool);
  const output = await new Deno.Command(program, { args: [...args, ...flags], cwd: ROOT }).output();
  return finished(output);
}

/** One of the programs in `tests/compiled/`. */
export async function runProgram(name: string): Promise<Finished> {
  const [program, ...args] = DIST === undefined
    ? [Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-read=.", programPath(name)]
    : [new URL(`${DIST}/checks/${name}`, ROOT).pathname];
  return finished(await new Deno.Command(program, { args, cwd: ROOT }).output());
}

const programPath = (name: string) => `tests/compiled/${name}.ts`;

/** The dispatcher instead of one tool. */
export function runWakeful(...words: string[]): Promise<Finished> {
  return runTool(DISPATCHER, ...words);
}

function finished({ code, stdout, stderr }: Deno.CommandOutput): Finished {
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A server that runs until it is told otherwise. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  #stdout = "";
  #stderr = "";
  #changed = Promise.withResolvers<void>();
  #streams: Promise<unknown>;

  constructor(tool: string, ...flags: string[]) {
    const [program, ...args] = commandLine(tool);
    this.#child = new Deno.Command(program, {
      args: [...args, ...flags],
      cwd: ROOT,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#streams = Promise.all([
      this.#collect(this.#child.stdout, (text) => this.#stdout += text),
      this.#collect(this.#child.stderr, (text) => this.#stderr += text),
    ]);
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits until stdout says where it listens, and answers the port or path. */
  async listening(): Promise<string> {
    return (await this.#saying(() => this.#stdout, /^listening on (?:.*:)?(\S+)$/m))[1];
  }

  /** Waits until stderr says something. */
  async says(pattern: RegExp): Promise<void> {
    await this.#saying(() => this.#stderr, pattern);
  }

  signal(name: Deno.Signal): void {
    this.#child.kill(name);
  }

  async exitCode(): Promise<number> {
    const { code } = await this.#child.status;
    await this.#streams;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.exitCode();
  }

  async #saying(text: () => string, pattern: RegExp): Promise<RegExpMatchArray> {
    const limit = AbortSignal.timeout(START_LIMIT_MS);
    const late = new Promise<never>((_, reject) => {
      limit.onabort = () =>
        reject(new Error(`never said ${pattern}\n${this.#stdout}${this.#stderr}`));
    });
    for (;;) {
      const match = text().match(pattern);
      if (match) {
        limit.onabort = null;
        return match;
      }
      await Promise.race([this.#changed.promise, late]);
    }
  }

  async #collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      add(text);
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
  }
}

/** A session of `nc`. */
export class Netcat {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #seen = "";

  /** `-N` makes it half-close when its input ends. */
  constructor(...args: string[]) {
    this.#child = new Deno.Command("nc", {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async type(text: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(text));
  }

  /** Bytes that nobody can type. */
  async send(bytes: readonly number[]): Promise<void> {
    await this.#writer.write(new Uint8Array(bytes));
  }

  /** Reads until `text` has been seen, or the server has closed. */
  async see(text: string): Promise<string> {
    while (!this.#seen.includes(text)) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      this.#seen += value;
    }
    return this.#seen;
  }

  /** Ends the input and reads what comes until the server closes. */
  async end(): Promise<string> {
    await this.#writer.close().catch(() => {}); // it may have ended by itself
    await this.see(NEVER);
    await this.#child.status;
    return this.#seen;
  }
}

/** No server says this. */
const NEVER = "\0";
