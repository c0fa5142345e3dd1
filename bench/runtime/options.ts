/** The flags of `deno task bench runtime`. */
import { parseArgs } from "node:util";
import { UsageFailure } from "../harness/failure.ts";
import { type Case, cases } from "./cases.ts";

export interface RuntimeOptions {
  cases: Case[];
  rounds: number;
  /** How many times fewer operations a sample has. */
  quick: number;
  json?: string;
  md?: string;
}

const NAMES = cases.map(({ name }) => name).join(", ");
const QUICK = 10;

export const RUNTIME_USAGE = `usage: deno task bench runtime [flags]

The runtime beside native promises, Effect and Effection: CPU time for each operation.

  --rounds N     rounds, in each of which every contestant plays once (5)
  --only NAME    this case alone; repeatable: ${NAMES}
  --quick        a single round of samples ten times smaller: whether all of it runs
  --json FILE    write all samples and the verdicts
  --md FILE      write the tables as markdown
  --help
`;

const FLAGS = {
  rounds: { type: "string" },
  only: { type: "string", multiple: true },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  md: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Undefined when help was asked for. */
export function parseRuntimeOptions(args: string[]): RuntimeOptions | undefined {
  const flags = parseFlags(args);
  if (flags.help) return undefined;
  return {
    cases: flags.only === undefined ? cases : flags.only.map(findCase),
    rounds: rounds(flags.rounds ?? (flags.quick ? "1" : "5")),
    quick: flags.quick ? QUICK : 1,
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

function findCase(wanted: string): Case {
  const found = cases.find(({ name }) => name === wanted);
  if (found === undefined) throw new UsageFailure(`--only: expected ${NAMES}, got '${wanted}'`);
  return found;
}

function rounds(value: string): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageFailure(`--rounds: expected a whole number from 1, got '${value}'`);
}
