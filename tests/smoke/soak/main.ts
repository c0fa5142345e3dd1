/**
 * Wears an echo server out: thousands of clients stay, thousands come and go, break off and reset.
 * In the end nothing may be left of them.
 *
 *   deno task soak
 *   deno task soak --duration 5m
 *   deno task soak --help
 */

import { renderHelp } from "../../../commands/cli/help.ts";
import { CommandError, EXIT_FAILURE, EXIT_OK } from "../../../commands/cli/errors.ts";
import { parse } from "../../../commands/cli/parse.ts";
import { processTerminal } from "../../../commands/cli/terminal.ts";
import { SOAK } from "./options.ts";
import { soak } from "./soak.ts";

async function main(): Promise<number> {
  try {
    const parsed = parse(SOAK, Deno.args, processTerminal.variable);
    if (!("options" in parsed)) {
      console.log(renderHelp(SOAK));
      return EXIT_OK;
    }
    const losses = await soak(parsed.options, (line) => console.log(line));
    console.log(losses.length === 0 ? "nothing was lost" : losses.join("\n"));
    return losses.length === 0 ? EXIT_OK : EXIT_FAILURE;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(`soak: ${error.message}`);
    return error.exitCode;
  }
}

Deno.exit(await main());
