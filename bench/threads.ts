/**
 * The threads bench: the pool beside piscina and plain messages, the channel between threads, and
 * what the main thread feels of busy ones. Every case takes turns with the others, round by round.
 */
import { parseArgs } from "node:util";
import { formatNumber } from "./harness/experiment.ts";
import { UsageFailure } from "./harness/failure.ts";
import { describeSystem } from "./harness/machine.ts";
import { summarize, type Summary } from "./harness/stats.ts";
import { markdownGrid, textGrid } from "./harness/table.ts";
import { writeReport } from "./harness/write.ts";
import { type Case, cases } from "./threads/cases.ts";

const USAGE = `usage: deno task bench threads [flags]

Portable tasks, channels between threads, and how free they leave the main thread.

  --rounds N   rounds, in each of which every case is measured once (3)
  --json FILE  write the figures
  --md FILE    write the table as markdown
  --help
`;

const FLAGS = {
  rounds: { type: "string", default: "3" },
  json: { type: "string" },
  md: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const JSON_INDENT = 2;

interface Result {
  readonly title: string;
  readonly figure: Summary;
  readonly holds: boolean;
}

export async function threadsBench(args: string[]): Promise<void> {
  const flags = parse(args);
  if (flags.help) return console.log(USAGE);
  const rounds = Number(flags.rounds);
  if (!(Number.isInteger(rounds) && rounds > 0)) {
    throw new UsageFailure(`expected a number of rounds, got '${flags.rounds}'`);
  }
  const samples = cases.map((): number[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, measured] of cases.entries()) {
      samples[i].push(await measured.measure());
      const figure = formatNumber(samples[i].at(-1)!, measured.digits);
      console.error(`round ${round}/${rounds}, ${measured.title}: ${figure} ${measured.unit}`);
    }
  }
  const machine = `${await describeSystem()}; rounds: ${rounds}`;
  const results = cases.map((measured, i) => judge(measured, samples[i]));
  const grid = [["", "median (min–max)", "bar", ""], ...cases.map((c, i) => row(c, results[i]))];
  console.log(`${machine}\n\n${textGrid(grid, 1)}`);
  await writeReport(flags.md, () => `## Threads\n\n${machine}\n\n${markdownGrid(grid, 1)}\n`);
  await writeReport(flags.json, () => {
    return JSON.stringify({ bench: "threads", machine, results }, null, JSON_INDENT) + "\n";
  });
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    throw new UsageFailure(error instanceof Error ? error.message : String(error));
  }
}

function judge({ title, bar: [side, bar] }: Case, samples: number[]): Result {
  const figure = summarize(samples);
  const holds = side === "at least" ? figure.median >= bar : figure.median <= bar;
  return { title, figure, holds };
}

function row({ title, unit, digits, bar: [side, bar] }: Case, { figure, holds }: Result): string[] {
  const [median, min, max] = [figure.median, figure.min, figure.max]
    .map((value) => formatNumber(value, digits));
  return [title, `${median} (${min}–${max}) ${unit}`, `${side} ${bar}`, holds ? "holds" : "missed"];
}
