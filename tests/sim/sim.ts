import { EXIT_FAILURE, EXIT_OK, UsageError } from "../../commands/cli/errors.ts";
import { renderHelp } from "../../commands/cli/help.ts";
import { parse } from "../../commands/cli/parse.ts";
import type { Terminal } from "../../commands/cli/terminal.ts";
import { versionLine } from "../../commands/cli/version.ts";
import { SimulationFailed } from "wakeful/testing";
import { simCommand, type SimOptions } from "./options.ts";
import { type Kept, minimise, type Ran, replayCommand, runSeed, seedsFrom } from "./runner.ts";
import type { Scenario } from "./scenario.ts";
import { measureSpeed } from "./speed.ts";

const PROGRAM = "deno task sim";
const MS_PER_MINUTE = 60_000;
const MS_PER_SECOND = 1_000;
const FRESH_SEEDS = 2 ** 32;

/** Where the words go. */
export interface SimTerminal extends Pick<Terminal, "out" | "err" | "variable"> {
  /** Overwrites the line that is shown while it runs; none ends it. */
  progress(line?: string): void;
}

/** `deno task sim` over these scenarios; answers the exit code. */
export async function sim(
  scenarios: readonly Scenario[],
  argv: readonly string[],
  terminal: SimTerminal,
): Promise<number> {
  const command = simCommand(scenarios);
  try {
    const parsed = parse(command, argv, (name) => terminal.variable(name));
    if ("options" in parsed) return await carryOut(scenarios, parsed.options, terminal);
    const help = parsed.action === "help";
    terminal.out(help ? renderHelp(command, { program: PROGRAM }) : versionLine(PROGRAM));
    return EXIT_OK;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`${PROGRAM}: ${error.message}`);
    return error.exitCode;
  }
}

function carryOut(
  scenarios: readonly Scenario[],
  options: SimOptions,
  terminal: SimTerminal,
): Promise<number> {
  const { scenario: name, seed, faults, speed } = options;
  const chosen = scenarios.filter((scenario) => name === undefined || scenario.name === name);
  if (faults !== undefined && (seed === undefined || name === undefined)) {
    throw new UsageError("--faults belongs to one run: name its --scenario and its --seed");
  }
  if (speed) return measureSpeed(terminal);
  return seed === undefined
    ? search(chosen, options, terminal)
    : replay(chosen, seed, options, terminal);
}

/** One seed, and what is to be known of it. */
async function replay(
  scenarios: readonly Scenario[],
  seed: number,
  { faults }: SimOptions,
  terminal: SimTerminal,
): Promise<number> {
  for (const scenario of scenarios) {
    const ran = await runSeed(scenario, seed, faults);
    if (ran instanceof SimulationFailed) return await tell(scenario, ran, faults, terminal);
    terminal.out(`${scenario.name}: ${summary(ran)}`);
  }
  return EXIT_OK;
}

function summary({ seed, hash, elapsed, faults }: Exclude<Ran, SimulationFailed>): string {
  const seconds = (elapsed / MS_PER_SECOND).toFixed(1);
  return `seed ${seed} went through, trace ${hash}, ${seconds} simulated s, ${faults} faults drawn`;
}

/** Seed after seed, all scenarios in turn, up to the first failure or the end. */
async function search(
  scenarios: readonly Scenario[],
  options: SimOptions,
  terminal: SimTerminal,
): Promise<number> {
  const { minutes, from = Math.floor(Math.random() * FRESH_SEEDS) } = options;
  const begun = performance.now();
  const end = minutes === undefined ? Infinity : begun + minutes * MS_PER_MINUTE;
  const count = minutes === undefined ? options.seeds : Infinity;
  let [runs, simulated] = [0, 0];
  for (const seed of seedsFrom(from, count)) {
    if (performance.now() >= end) break;
    for (const scenario of scenarios) {
      const ran = await runSeed(scenario, seed);
      terminal.progress(`${scenario.name} seed ${seed}, ${++runs} runs`);
      if (ran instanceof SimulationFailed) {
        terminal.progress();
        return await tell(scenario, ran, undefined, terminal);
      }
      simulated += ran.elapsed;
    }
  }
  terminal.progress();
  const seconds = (performance.now() - begun) / MS_PER_SECOND;
  terminal.out(
    `${runs} runs went through, from seed ${from} on: ${Math.round(simulated / MS_PER_SECOND)} ` +
      `simulated s in ${seconds.toFixed(1)} s`,
  );
  return EXIT_OK;
}

/** Everything that helps to understand a failure; where the faults are chosen, it is narrowed down. */
async function tell(
  scenario: Scenario,
  failure: SimulationFailed,
  faults: Kept | undefined,
  terminal: SimTerminal,
): Promise<number> {
  if (faults !== undefined) {
    terminal.out(failure.message);
    return EXIT_FAILURE;
  }
  const { seed, hash, faults: all } = failure.circumstances;
  terminal.out(`${scenario.name} failed with seed ${seed}, trace ${hash}`);
  terminal.out(`replay: ${replayCommand(scenario, seed)}`);
  const minimal = await minimise(scenario, failure);
  const matter = minimal.faults.length;
  terminal.out(
    `faults: of ${all.length}, ${matter} matter, as ${minimal.runs} more runs have shown`,
  );
  terminal.out(`with those alone: ${minimal.failure.message}`);
  return EXIT_FAILURE;
}
