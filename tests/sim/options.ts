/** The command line of `deno task sim`. */

import { command } from "../../commands/cli/command.ts";
import { flag, type Options } from "../../commands/cli/flag.ts";
import { bool, choice, count, type Kind } from "../../commands/cli/kind.ts";
import { expected, found } from "../../commands/cli/reading.ts";
import { type Kept, showKept } from "./runner.ts";
import type { Scenario } from "./scenario.ts";

const FAULTS = "numbers such as 3,7, or none";

/** Which of the faults of a seed happen: a notation of this tool alone. */
const faults: Kind<Kept> = {
  placeholder: "LIST",
  expects: FAULTS,
  read(word) {
    if (word === "none") return found([]);
    return /^\d+(,\d+)*$/.test(word) ? found(word.split(",").map(Number)) : expected(FAULTS);
  },
  show: showKept,
};

/** What can be said to it, for these scenarios. */
export function simCommand(scenarios: readonly Scenario[]) {
  return command({
    name: "sim",
    purpose: "runs programs in simulated worlds until a seed makes one fail",
    flags: {
      scenario: flag(choice(...scenarios.map(({ name }) => name)), {
        group: "What to run",
        about: "one scenario; all of them in turn by default",
      }),
      seed: flag(count(), { group: "What to run", about: "this seed and no other" }),
      faults: flag(faults, {
        group: "What to run",
        about: "of the faults of that seed only these, by the order of drawing",
      }),
      seeds: flag(count({ min: 1 }), {
        default: 200,
        group: "How long",
        about: "how many seeds of each scenario",
      }),
      minutes: flag(count({ min: 1 }), {
        group: "How long",
        about: "as many seeds as there is time for",
      }),
      from: flag(count(), {
        group: "How long",
        about: "the first of the seeds; a fresh one by default",
      }),
      speed: flag(bool(), {
        default: false,
        group: "How fast",
        about: "measures how much faster than life the simulator is, and runs nothing else",
      }),
    },
    conflicts: [
      ["seed", "seeds"],
      ["seed", "minutes"],
      ["seed", "from"],
      ["seeds", "minutes"],
    ],
    examples: [
      { line: "$0", about: "200 fresh seeds of each scenario" },
      { line: "$0 --scenario echo --seed 7", about: "one run again" },
      { line: "$0 --minutes 10", about: "for a night's search, say 600" },
    ],
    exitCodes: { 1: "a seed failed: its report is on stdout" },
    notes: scenarios.map(({ name, about }) => `${name}: ${about}`),
  });
}

export type SimOptions = Options<ReturnType<typeof simCommand>["flags"]>;
