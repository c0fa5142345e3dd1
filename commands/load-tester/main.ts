/** The executable `load-tester`: this tool alone. */

import { processTerminal } from "../cli/terminal.ts";
import { loadTester } from "./tool.ts";

Deno.exit(await loadTester.main(Deno.args, loadTester.name, processTerminal));
