import { ROOT } from "./source_files.ts";

export interface ProcessResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

/** One of our programs in a process of its own, with these permissions and no others. */
export class ChildProcess implements AsyncDisposable {
  #child: Deno.ChildProcess;
  #stdout = "";
  #stderr = "";
  #changed = Promise.withResolvers<void>();
  #ended: Promise<Deno.CommandStatus>;

  constructor(permissions: readonly string[], program: string, options: ProcessOptions = {}) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", ...permissions, program, ...options.args ?? []],
      cwd: ROOT,
      env: options.env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#ended = this.#collect();
  }

  /** The first line on either stream that looks like this. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
      if (match) return match;
      const ended = await Promise.race([this.#ended, this.#changed.promise]);
      if (ended) throw new Error(`ended with ${ended.code}: ${this.#stderr}`);
    }
  }

  get pid(): number {
    return this.#child.pid;
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async result(): Promise<ProcessResult> {
    const { code } = await this.#ended;
    return { code, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Ends it if it has not ended by itself, so that a failed test leaves nothing behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.#ended;
  }

  async #collect(): Promise<Deno.CommandStatus> {
    await Promise.all([
      this.#read(this.#child.stdout, (text) => this.#stdout += text),
      this.#read(this.#child.stderr, (text) => this.#stderr += text),
    ]);
    return await this.#child.status;
  }

  async #read(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      add(decoder.decode(chunk, { stream: true }));
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
  }
}

/** Runs a program to its end. */
export async function runDeno(
  permissions: readonly string[],
  program: string,
  options?: ProcessOptions,
): Promise<ProcessResult> {
  await using child = new ChildProcess(permissions, program, options);
  return await child.result();
}
