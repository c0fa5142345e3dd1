/** Servers as processes, each fresh and alone on its CPU. */
import { SERVER_CPU } from "../harness/machine.ts";
import { Program } from "../harness/program.ts";

/** A server that is there to be measured. */
export interface EchoServer {
  name: string;
  /**
   * The command, run in the repository's root: it prints `listening on 127.0.0.1:PORT` on stdout,
   * and echoes.
   */
  words: string[];
  /** Words to add where clients are to be silent for longer than it suffers by default. */
  whenIdle?: string[];
  /** What it is, versions included. */
  about: string;
}

const ROOT = new URL("../../", import.meta.url);
const START_LIMIT_MS = 30_000;
const LISTENING = /listening on 127\.0\.0\.1:(\d+)/;

export interface RunningServer extends AsyncDisposable {
  name: string;
  pid: number;
  port: number;
}

/** Starts a fresh process of the server and waits until it listens. */
export async function startServer({ name, words }: EchoServer): Promise<RunningServer> {
  const program = new Program({ name, words, cpu: SERVER_CPU, cwd: ROOT });
  const stop = () => program[Symbol.asyncDispose]();
  try {
    const port = await listeningPort(program);
    program.discardOutput();
    return { name, pid: program.pid, port, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listeningPort(program: Program): Promise<number> {
  for (;;) {
    const port = LISTENING.exec(await program.line(START_LIMIT_MS))?.[1];
    if (port !== undefined) return Number(port);
  }
}
