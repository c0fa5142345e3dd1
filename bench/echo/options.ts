/** The flags of `deno task bench echo`. */
import { parseArgs } from "node:util";
import { UsageFailure } from "../harness/failure.ts";
import { BASELINE, type EchoServer, findServer, sameCommand, serverNames } from "./servers.ts";

export interface EchoOptions {
  connections: number[];
  bytes: number;
  runs: number;
  seconds: number;
  servers: EchoServer[];
  /** The most that others may keep server and client waiting; undefined keeps every run. */
  quiet?: number;
  idle: number;
  idleRuns: number;
  idleSeconds: number;
  json?: string;
  md?: string;
}

const NAMES = serverNames().join(", ");

export const ECHO_USAGE = `usage: deno task bench echo [flags]

Echo servers side by side: throughput, CPU time, memory and CPU time when idle.

  --connections LIST   connections under load, one table each (50,500); 0 leaves the load out
  --bytes N            size of a message (64)
  --seconds S          length of a window of load (3)
  --runs N             runs of each server and table, interleaved (5)
  --servers LIST       any of ${NAMES} (wakeful,${BASELINE})
                       ratios are to ${BASELINE}, which must be among them
  --quiet PERCENT      redo, with a note, a run under load that others kept waiting longer (off)
  --extra NAME=COMMAND one more server, run in the repository's root; repeatable
  --idle N             connections held silent (10000); 0 leaves the idle part out
  --idle-runs N        runs of each server in the idle part (3)
  --idle-seconds S     how long an idle server's CPU is watched (10)
  --json FILE          write all samples and the comparison
  --md FILE            write the tables as markdown
  --help

examples:
  deno task bench echo
  deno task bench echo --connections 50 --runs 3 --idle 0
  deno task bench echo --extra 'again=deno run --allow-net bench/peers/deno_listen.ts 0'
`;

const text = (value: string) => ({ type: "string", default: value }) as const;

const FLAGS = {
  connections: text("50,500"),
  bytes: text("64"),
  seconds: text("3"),
  runs: text("5"),
  servers: text(`wakeful,${BASELINE}`),
  extra: { type: "string", multiple: true, default: [] as string[] },
  quiet: { type: "string" },
  idle: text("10000"),
  "idle-runs": text("3"),
  "idle-seconds": text("10"),
  json: { type: "string" },
  md: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Undefined when help was asked for. */
export function parseEchoOptions(args: string[]): EchoOptions | undefined {
  const flags = parseFlags(args);
  if (flags.help) return undefined;
  return {
    connections: split(flags.connections).map((n) => whole("connections", n)).filter(Boolean),
    bytes: whole("bytes", flags.bytes, 1),
    seconds: positive("seconds", flags.seconds),
    runs: whole("runs", flags.runs, 1),
    servers: chooseServers(split(flags.servers), flags.extra),
    quiet: flags.quiet === undefined ? undefined : positive("quiet", flags.quiet),
    idle: whole("idle", flags.idle),
    idleRuns: whole("idle-runs", flags["idle-runs"], 1),
    idleSeconds: positive("idle-seconds", flags["idle-seconds"]),
    json: flags.json,
    md: flags.md,
  };
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    throw new UsageFailure(error instanceof Error ? error.message : String(error));
  }
}

function chooseServers(names: string[], extras: string[]): EchoServer[] {
  const servers = [...names.map(namedServer), ...extras.map(extraServer)];
  const unique = new Set(servers.map(({ name }) => name));
  if (unique.size < servers.length) throw new UsageFailure("--servers: each name may stand once");
  if (!unique.has(BASELINE)) {
    throw new UsageFailure(`--servers: ${BASELINE} is the baseline, add it`);
  }
  return servers;
}

function namedServer(name: string): EchoServer {
  const server = findServer(name);
  if (server !== undefined) return server;
  throw new UsageFailure(`--servers: expected ${NAMES}, got '${name}'`);
}

function extraServer(definition: string): EchoServer {
  const [, name, command] = /^([^=\s]+)=(.*\S.*)$/.exec(definition) ?? [];
  if (name === undefined) {
    throw new UsageFailure(`--extra: expected NAME=COMMAND, got '${definition}'`);
  }
  return sameCommand(name, command);
}

function split(list: string): string[] {
  return list.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

function whole(flag: string, value: string, least = 0): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageFailure(`--${flag}: expected a whole number from ${least}, got '${value}'`);
}

function positive(flag: string, value: string): number {
  const number = Number(value);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new UsageFailure(`--${flag}: expected a number above 0, got '${value}'`);
}
