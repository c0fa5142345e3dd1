/** The flags of `deno task bench echo`. */
import { parseArgs } from "node:util";
import { UsageFailure } from "../harness/failure.ts";
import { type Case, cases } from "./cases.ts";
import { serverNames } from "./lineup.ts";

export interface EchoOptions {
  /** The names of the servers. */
  servers: string[];
  cases: Case[];
  rounds: number;
  /** The length of a window of load. */
  seconds: number;
  /** How often a spoilt run is redone at most. */
  redo: number;
  /** How many seconds, in all, the runs may wait for others to be done. */
  patience: number;
  /** How long an idle server is watched. */
  watchSeconds: number;
  quick: boolean;
  json?: string;
  md?: string;
}

const SERVERS = serverNames();
const CASES = cases.map(({ name }) => name);

export const ECHO_USAGE = `usage: deno task bench echo [flags]

Echo servers side by side, each on one CPU with the client on another: round trips, CPU time, memory
of idle connections and wake-ups of an idle server, each also as a ratio to a loop in C.

  --rounds N     rounds, in each of which every server runs once (5)
  --seconds S    length of a window of load (2)
  --only LIST    these servers alone: ${SERVERS.join(",")}
  --cases LIST   these cases alone: ${CASES.join(",")}
  --redo N       how often, at most, a run that other processes disturbed is redone (3)
  --patience S   how long, in all, to wait for other processes to be done (300)
  --quick        a single round of short windows: whether all of it runs
  --json FILE    write all samples and the verdicts
  --md FILE      write the tables as markdown
  --help

A server that is not there, or cannot be made here, is reported as absent and takes no part.

examples:
  deno task bench echo
  deno task bench echo --only wakeful-epoll,c --cases 50,500 --rounds 3
`;

const FLAGS = {
  rounds: { type: "string" },
  seconds: { type: "string" },
  only: { type: "string", default: SERVERS.join(",") },
  cases: { type: "string", default: CASES.join(",") },
  redo: { type: "string" },
  patience: { type: "string" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  md: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const USUAL = { rounds: "5", seconds: "2", redo: "3", patience: "300", watchSeconds: 5 };
const QUICK = { rounds: "1", seconds: "0.5", redo: "0", patience: "0", watchSeconds: 1 };

/** Undefined when help was asked for. */
export function parseEchoOptions(args: string[]): EchoOptions | undefined {
  const flags = parseFlags(args);
  if (flags.help) return undefined;
  const usual = flags.quick ? QUICK : USUAL;
  const chosen = chosenFrom("cases", flags.cases, CASES);
  return {
    servers: chosenFrom("only", flags.only, SERVERS),
    cases: cases.filter(({ name }) => chosen.includes(name)),
    rounds: whole("rounds", flags.rounds ?? usual.rounds, 1),
    seconds: positive("seconds", flags.seconds ?? usual.seconds),
    redo: whole("redo", flags.redo ?? usual.redo, 0),
    patience: whole("patience", flags.patience ?? usual.patience, 0),
    watchSeconds: usual.watchSeconds,
    quick: flags.quick,
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

/** In the order in which they are known, whatever the order in the list. */
function chosenFrom(flag: string, list: string, known: string[]): string[] {
  const names = list.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const strange = names.find((name) => !known.includes(name));
  if (names.length > 0 && strange === undefined) {
    return known.filter((name) => names.includes(name));
  }
  throw new UsageFailure(`--${flag}: expected any of ${known.join(",")}, got '${strange ?? list}'`);
}

function whole(flag: string, value: string, least: number): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageFailure(`--${flag}: expected a whole number from ${least}, got '${value}'`);
}

function positive(flag: string, value: string): number {
  const number = Number(value);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new UsageFailure(`--${flag}: expected a number above 0, got '${value}'`);
}
