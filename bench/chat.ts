/**
 * The chat bench: how fast a message reaches everybody in a full room, beside the same broker
 * written with plain async/await and one on Node, and what a client changes that does not read.
 *
 * Every run has a fresh server on one CPU and the client on the other; servers take turns.
 */
import { parseArgs } from "node:util";
import { DENO_DRIVER, DENO_PEER, EPOLL, NODE_PEER, servers } from "./chat/lineup.ts";
import { COLUMNS, measureRoom, OTHERS, type Room } from "./chat/room.ts";
import {
  type Experiment,
  formatNumber,
  runInterleaved,
  type Sample,
} from "./harness/experiment.ts";
import { compileC } from "./harness/build.ts";
import { UsageFailure } from "./harness/failure.ts";
import { describeMachine, requireMachine } from "./harness/machine.ts";
import { Patience, QUIET_PERCENT } from "./harness/quiet.ts";
import { pairRatios, summarize } from "./harness/stats.ts";
import { markdownGrid, textGrid } from "./harness/table.ts";
import { writeReport } from "./harness/write.ts";

const USAGE = `usage: deno task bench chat [flags]

Chat servers side by side: 20 of 500 in a room speak, and everybody else hears it.

  --rounds N     rounds, in each of which every server runs once (3)
  --seconds N    how long each run is (3)
  --stuck N      seconds of the run with a client that does not read (20); 0 leaves it out
  --only LIST    these servers alone: ${servers().map(({ name }) => name).join(",")}
  --redo N       how often, at most, a run that other processes disturbed is redone (2)
  --patience S   how long, in all, to wait for other processes to be done (60)
  --json FILE    write all samples
  --md FILE      write the tables as markdown
  --help
`;

const FLAGS = {
  rounds: { type: "string", default: "3" },
  seconds: { type: "string", default: "3" },
  stuck: { type: "string", default: "20" },
  only: { type: "string", default: "" },
  redo: { type: "string", default: "2" },
  patience: { type: "string", default: "60" },
  json: { type: "string" },
  md: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const FULL_ROOM: Omit<Room, "seconds" | "stuck"> = { clients: 500, senders: 20, inFlight: 80 };
const JSON_INDENT = 2;
const MS_PER_S = 1_000;
const RATIO_DIGITS = 2;
/** Lines of an inbox, with its share of the memory that they stand in. */
const INBOX_KIB = 256;

/** What has to be reached: so many times the better peer's deliveries. */
const BARS: Readonly<Record<string, number>> = { [DENO_DRIVER]: 1.5, [EPOLL]: 2.5 };

export async function chatBench(args: string[]): Promise<void> {
  const flags = parse(args);
  if (flags.help) return console.log(USAGE);
  await requireMachine();
  const [rounds, seconds, stuck, redo, patience] = [
    flags.rounds,
    flags.seconds,
    flags.stuck,
    flags.redo,
    flags.patience,
  ].map(wholeNumber);
  const client = await compileC("clients", "chat_load");
  const waiting = new Patience(patience * MS_PER_S);
  const machine = `${await describeMachine()}; rounds: ${rounds}, ${seconds} s each`;
  const chosen = flags.only === "" ? [] : flags.only.split(",");
  const subjects = servers().filter(({ name }) => chosen.length === 0 || chosen.includes(name));
  const play = (title: string, names: string[], room: Partial<Room>, runs: number) =>
    runInterleaved({
      title,
      metrics: COLUMNS,
      subjects: subjects.filter(({ name }) => names.length === 0 || names.includes(name)),
      runs,
      measure: (server) =>
        measureRoom(client, server, { ...FULL_ROOM, seconds, stuck: false, ...room }, waiting),
      quiet: { metric: OTHERS, most: QUIET_PERCENT, redo },
    });
  const results = [await play("500 in a room, 20 speak", [], {}, rounds)];
  if (stuck > 0) {
    const ours = [EPOLL, DENO_DRIVER];
    results.push(
      await play("the same for longer", ours, { seconds: stuck }, 1),
      await play("the same, and one never reads", ours, { seconds: stuck, stuck: true }, 1),
    );
  }
  const grids = results.map(({ title, samples }) => ({ title, grid: gridOf(samples) }));
  console.log([
    machine,
    ...subjects.map(({ name, about }) => `${name}: ${about}`),
    ...grids.flatMap(({ title, grid }) => ["", title, "", textGrid(grid, 1)]),
    "",
    ...verdicts(results),
  ].join("\n"));
  await writeReport(flags.json, () => JSON.stringify({ machine, results }, null, JSON_INDENT));
  await writeReport(
    flags.md,
    () => grids.map(({ title, grid }) => `### ${title}\n\n${markdownGrid(grid, 1)}\n`).join("\n"),
  );
}

function gridOf(samples: Record<string, Sample[]>): string[][] {
  const rows = Object.entries(samples).map(([name, runs]) => [
    name,
    ...COLUMNS.map(({ key, digits }) =>
      formatNumber(summarize(runs.map((run) => run[key])).median, digits)
    ),
  ]);
  return [["server", ...COLUMNS.map(({ title }) => title)], ...rows];
}

/** Each driver beside the better of the two peers, by deliveries and by what a delivery costs. */
function verdicts([room, calm, disturbed]: Experiment[]): string[] {
  const lines: string[] = [];
  for (const [name, limit] of Object.entries(BARS)) {
    const own = room.samples[name];
    const peers = [DENO_PEER, NODE_PEER].flatMap((peer) => room.samples[peer] ? [peer] : []);
    if (own === undefined || peers.length === 0) continue;
    const times = (key: string) =>
      peers.map((peer) => ratio(own, room.samples[peer], key)).map((n) => n ?? NaN);
    const reached = Math.min(...times("deliveriesPerSecond"));
    const cost = Math.max(...times("cpuNs"));
    lines.push(
      `${name}: ${formatNumber(reached, RATIO_DIGITS)} × the better peer's deliveries ` +
        `(bar ${limit}), ${formatNumber(cost, RATIO_DIGITS)} × its CPU per delivery`,
    );
  }
  for (const [name, runs] of Object.entries(disturbed?.samples ?? {})) {
    const [before] = calm.samples[name];
    const [after] = runs;
    lines.push(
      `${name}, with one that never reads: p99 ` +
        `${formatNumber(after.p99Us / before.p99Us, RATIO_DIGITS)} × (bar 1.10), memory ` +
        `${formatNumber(after.grownKib - before.grownKib, 0)} KiB more (bar ${INBOX_KIB})`,
    );
  }
  return lines;
}

function ratio(own: Sample[], other: Sample[], key: string): number | undefined {
  const pick = (samples: Sample[]) => samples.map((sample) => sample[key]);
  return pairRatios(pick(own), pick(other))?.median;
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    throw new UsageFailure(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageFailure(`expected a whole number, got '${text}'`);
}
