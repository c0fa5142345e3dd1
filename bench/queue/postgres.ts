/** A PostgreSQL server of one's own, with the settings it comes with: fsync before every answer. */
import { dirname } from "node:path";
import { BenchFailure } from "../harness/failure.ts";
import { TempFolder } from "../harness/folder.ts";
import { SERVER_CPU } from "../harness/machine.ts";
import { Program } from "../harness/program.ts";
import { runTool } from "../harness/tool.ts";

const USER = "postgres";
/** It refuses to run as root. */
const AS_ROOT = Deno.uid() === 0;
const AS_USER = AS_ROOT
  ? ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--init-groups", "--"]
  : ["env", "--"];
const START_LIMIT_MS = 30_000;
const READY = "ready to accept connections";

/** What it is; throws one clear line when it is not installed. */
export async function postgresVersion(): Promise<string> {
  const version = await runAsUser([`${await programs()}/postgres`, "--version"], "its version");
  return `PostgreSQL ${/\d[\d.]*/.exec(version)?.[0]}`;
}

/** Runs in a folder that is gone afterwards; only a socket in that folder leads to it. */
export class Postgres implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly #program: Program;
  readonly #silent: Promise<void>;

  private constructor(folder: TempFolder, program: Program) {
    this.#folder = folder;
    this.#program = program;
    this.#silent = program.discardOutput();
  }

  static async start(): Promise<Postgres> {
    const folder = new TempFolder();
    try {
      if (AS_ROOT) await runTool("chown", [USER, folder.path], "the folder is its own");
      return new Postgres(folder, await serve(folder.path));
    } catch (error) {
      folder[Symbol.dispose]();
      throw error;
    }
  }

  get url(): string {
    return `postgresql://${USER}@/postgres?host=${this.#folder.path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    await this.#silent; // its processes have ended, too
    this.#folder[Symbol.dispose]();
  }
}

/** Answers when it takes connections. */
async function serve(folder: string): Promise<Program> {
  const bin = await programs();
  const data = `${folder}/data`;
  const trust = ["--auth=trust", `--username=${USER}`];
  await runAsUser([`${bin}/initdb`, `--pgdata=${data}`, ...trust, "--no-sync"], "a database");
  const server = [`${bin}/postgres`, "-D", data, "-k", folder, "-c", "listen_addresses="];
  const program = new Program({
    name: "postgres",
    // Its log, which says when it is ready, goes to stderr.
    words: [...AS_USER, "sh", "-c", 'exec "$@" 2>&1', "sh", ...server],
    cpu: SERVER_CPU,
    // Killed it would leave shared memory behind, and processes that still write.
    endsOn: "SIGQUIT",
  });
  try {
    while (!(await program.line(START_LIMIT_MS)).includes(READY));
    return program;
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

function runAsUser(words: string[], purpose: string): Promise<string> {
  const [command, ...args] = [...AS_USER, ...words];
  return runTool(command, args, purpose);
}

/** The folder of its programs. Debian keeps them by version, out of the PATH. */
async function programs(): Promise<string> {
  const look = "command -v postgres || ls -v /usr/lib/postgresql/*/bin/postgres | tail -1";
  const postgres = await runTool("sh", ["-c", look], "where it is");
  if (postgres === "") throw new BenchFailure("PostgreSQL is needed and not installed");
  return dirname(postgres);
}
