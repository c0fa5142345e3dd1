/** The servers that can be measured. Adding one is one entry. */
import { SERVER_CPU } from "../harness/machine.ts";
import { Program } from "../harness/program.ts";

/**
 * Commands run in the repository's root, print `listening on 127.0.0.1:PORT` on stdout, and echo.
 * A leading `deno` stands for the Deno that runs the bench.
 */
export interface EchoServer {
  name: string;
  /** The command for the throughput runs. */
  loaded: string;
  /** The command for the idle runs, where clients stay silent for longer than a default timeout. */
  idle: string;
}

/** Every ratio is taken against this one. */
export const BASELINE = "deno";

const WAKEFUL =
  "deno run --allow-net --allow-env main.ts echo-server --port 0 --max-connections 20000";
const PLAIN_DENO = "deno run --allow-net bench/peers/deno_listen.ts 0";

const servers: EchoServer[] = [
  {
    name: "wakeful",
    loaded: `${WAKEFUL} --idle-timeout 10s`,
    idle: `${WAKEFUL} --idle-timeout 0`,
  },
  sameCommand(BASELINE, PLAIN_DENO),
  sameCommand("deno1k", `${PLAIN_DENO} 1024`),
];

export function sameCommand(name: string, command: string): EchoServer {
  return { name, loaded: command, idle: command };
}

export function serverNames(): string[] {
  return servers.map(({ name }) => name);
}

export function findServer(name: string): EchoServer | undefined {
  return servers.find((server) => server.name === name);
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
export async function startServer(name: string, command: string): Promise<RunningServer> {
  const words = command.trim().split(/\s+/);
  if (words[0] === "deno") words[0] = Deno.execPath();
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
