/** Child processes that talk in lines: the servers and the load clients of every bench. */
import { BenchFailure } from "./failure.ts";

export interface ProgramOptions {
  /** How failures name it. */
  name: string;
  /** The command and its arguments. */
  words: string[];
  /** The one CPU it may run on. */
  cpu: number;
  cwd?: URL;
  /** The signal that ends it; SIGKILL for those that leave nothing behind. */
  endsOn?: Deno.Signal;
}

/** Enough of stderr for an error with its source line and the first frames. */
const COMPLAINT_LINES = 6;

const live = new Set<Program>();

/** Ends every program that still runs; for signal handlers, where nothing can be awaited. */
export function endAll(): void {
  for (const program of live) program.end();
}

/** A running child process, ended when it goes out of scope. */
export class Program implements AsyncDisposable {
  readonly #name: string;
  readonly #endsOn: Deno.Signal;
  readonly #child: Deno.ChildProcess;
  readonly #output: AsyncGenerator<string, void>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #complaints: string[] = [];
  readonly #complaintsEnd: Promise<void>;

  constructor({ name, words, cpu, cwd, endsOn = "SIGKILL" }: ProgramOptions) {
    this.#name = name;
    this.#endsOn = endsOn;
    // taskset replaces itself with the command, so the process id is the command's own.
    this.#child = new Deno.Command("taskset", {
      args: ["-c", String(cpu), ...words],
      cwd,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    live.add(this);
    this.#child.status.then(() => live.delete(this));
    this.#output = linesOf(this.#child.stdout);
    this.#input = this.#child.stdin.getWriter();
    this.#complaintsEnd = this.#collectComplaints();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The next line of stdout. Throws when the program ends, or says nothing for `limitMs`. */
  async line(limitMs: number): Promise<string> {
    const next = await orTimeout(this.#output.next(), limitMs);
    if (next === TIMED_OUT) throw this.#failure(`said nothing for ${limitMs} ms`);
    if (!next.done) return next.value;
    await orTimeout(this.#complaintsEnd, limitMs);
    throw this.#failure("ended too early");
  }

  /** Sends one line to stdin. */
  async say(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Throws the rest of stdout away, so that a talkative program never blocks on a full pipe. */
  async discardOutput(): Promise<void> {
    while (!(await this.#output.next()).done);
  }

  end(): void {
    try {
      this.#child.kill(this.#endsOn);
    } catch {
      // It has ended by itself, and there is no asking first: it may end between the two.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    await this.#child.status;
  }

  async #collectComplaints(): Promise<void> {
    for await (const line of linesOf(this.#child.stderr)) {
      this.#complaints.push(line);
      if (this.#complaints.length > COMPLAINT_LINES) this.#complaints.shift();
    }
  }

  #failure(what: string): BenchFailure {
    return new BenchFailure([`${this.#name} ${what}`, ...this.#complaints].join("\n  "));
  }
}

const TIMED_OUT = Symbol("timed out");

async function orTimeout<T>(work: Promise<T>, limitMs: number): Promise<T | typeof TIMED_OUT> {
  const { promise, resolve } = Promise.withResolvers<typeof TIMED_OUT>();
  const timer = setTimeout(resolve, limitMs, TIMED_OUT);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function* linesOf(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of bytes.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
