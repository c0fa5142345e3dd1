/**
 * The HTTP parser bench: ours beside llhttp in WebAssembly and http-parser-js, in one process.
 *
 * Each is given the same pieces of pipelined messages and looks at heads and bodies without using
 * them: what is measured is how fast messages are taken apart. They take turns, round by round.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { type Experiment, formatNumber, runInterleaved } from "./harness/experiment.ts";
import { UsageFailure } from "./harness/failure.ts";
import { describeSystem } from "./harness/machine.ts";
import { pairRatios, summarize, type Summary } from "./harness/stats.ts";
import { markdownGrid, textGrid } from "./harness/table.ts";
import { writeReport } from "./harness/write.ts";
import { type Input, inputs } from "./http_parser/inputs.ts";
import {
  type Contestant,
  contestants,
  HTTP_PARSER_JS,
  LLHTTP,
  OURS,
} from "./http_parser/parsers.ts";

const PIECE_BYTES = 64 * 1024;
const WINDOW_MS = 500;
const WARM_UP_MS = 300;
const BYTES_PER_MB = 1e6;
const MS_PER_SECOND = 1_000;
const US_PER_MS = 1_000;
const METRIC = { key: "rate", title: "MB per s of CPU", digits: 0 };
const JSON_INDENT = 2;
const RATIO_DIGITS = 2;
/** The parser's name. */
const WORD_COLUMNS = 1;

/** Ours is to reach this rate or, at least, both of these ratios. */
const BAR = { rate: 1_000, httpParserJs: 1.5, llhttp: 0.5 } as const;

const USAGE = `usage: deno task bench http-parser [flags]

HTTP parsers side by side: megabytes of pipelined messages per second of CPU time.

  --rounds N     rounds, in each of which every parser has half a second (5)
  --json FILE    write all samples
  --md FILE      write the tables as markdown
  --help
`;

const FLAGS = {
  rounds: { type: "string", default: "5" },
  json: { type: "string" },
  md: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

export async function httpParserBench(args: string[]): Promise<void> {
  const flags = parseFlags(args);
  if (flags.help) return console.log(USAGE);
  const experiments: Experiment[] = [];
  for (const input of inputs) experiments.push(await measure(input, Number(flags.rounds)));
  const machine = await describeSystem();
  const tables = experiments.map((experiment) =>
    `${experiment.title}\n${textGrid(grid(experiment), WORD_COLUMNS)}`
  );
  console.log(`${machine}\n\n${tables.join("\n\n")}\n\n${verdict(experiments[0])}`);
  await writeReport(flags.json, () => JSON.stringify({ machine, experiments }, null, JSON_INDENT));
  await writeReport(flags.md, () => {
    const tables = experiments.map((experiment) =>
      `### ${experiment.title}\n\n${markdownGrid(grid(experiment), WORD_COLUMNS)}`
    );
    return `## HTTP parsers\n\n${machine}\n\n${tables.join("\n\n")}\n`;
  });
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    throw new UsageFailure(error instanceof Error ? error.message : String(error));
  }
}

/** Every parser is made and warmed up before the first round: all see the same optimised code. */
function measure({ title, side, message }: Input, runs: number): Promise<Experiment> {
  const count = Math.floor(PIECE_BYTES / message.length);
  const piece = new TextEncoder().encode(message.repeat(count));
  const parsers = new Map(contestants.map((one) => [one, one.make(piece, side)]));
  for (const [{ name }, parse] of parsers) {
    if (parse() !== count) throw new Error(`${name} did not see all messages`);
    rateOf(parse, piece.length, WARM_UP_MS);
  }
  return runInterleaved<Contestant>({
    title,
    metrics: [METRIC],
    subjects: contestants,
    runs,
    measure: (one) => {
      const rate = rateOf(parsers.get(one)!, piece.length, WINDOW_MS);
      return Promise.resolve({ [METRIC.key]: rate });
    },
  });
}

/** By the CPU time of the process: the wall clock would measure who else uses the machine. */
function rateOf(parse: () => number, bytes: number, milliseconds: number): number {
  const begun = cpuMs();
  let parsed = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    parse();
    parsed += bytes;
    elapsed = cpuMs() - begun;
  }
  return parsed / BYTES_PER_MB / (elapsed / MS_PER_SECOND);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / US_PER_MS;
}

/** A row for each parser: its rate, and how much that is of llhttp's in the same round. */
function grid({ samples }: Experiment): string[][] {
  const rates = (name: string) => samples[name].map((sample) => sample[METRIC.key]);
  const rows = Object.keys(samples).map((name) => {
    const ratio = name === LLHTTP ? undefined : pairRatios(rates(name), rates(LLHTTP));
    return [name, spread(summarize(rates(name)), 0), ratio ? spread(ratio, RATIO_DIGITS) : "1"];
  });
  return [["parser", `${METRIC.title} (min–max)`, `× ${LLHTTP} (min–max)`], ...rows];
}

function spread({ median, min, max }: Summary, digits: number): string {
  const [middle, low, high] = [median, min, max].map((value) => formatNumber(value, digits));
  return `${middle} (${low}–${high})`;
}

function verdict({ samples, title }: Experiment): string {
  const of = (name: string) => samples[name].map((sample) => sample[METRIC.key]);
  const ours = summarize(of(OURS)).median;
  const toJs = pairRatios(of(OURS), of(HTTP_PARSER_JS))!.median; // no rate is zero
  const toLlhttp = pairRatios(of(OURS), of(LLHTTP))!.median;
  const passed = ours >= BAR.rate || (toJs >= BAR.httpParserJs && toLlhttp >= BAR.llhttp);
  const [js, ll] = [toJs, toLlhttp].map((ratio) => formatNumber(ratio, RATIO_DIGITS));
  return `${title}: ${formatNumber(ours, 0)} MB/s, ${js} × ${HTTP_PARSER_JS}, ${ll} × ${LLHTTP}; ` +
    `bar: ${BAR.rate} MB/s, or ${BAR.httpParserJs} × and ${BAR.llhttp} ×: ${
      passed ? "PASS" : "MISS"
    }`;
}
