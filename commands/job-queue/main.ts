/** The executable `job-queue`: this tool alone. */

import { processTerminal } from "../cli/terminal.ts";
import { jobQueue } from "./tool.ts";

Deno.exit(await jobQueue.main(Deno.args, jobQueue.name, processTerminal));
