/** The executable `echo-server`: this tool alone. */

import { processTerminal } from "../cli/terminal.ts";
import { echoServer } from "./tool.ts";

Deno.exit(await echoServer.main(Deno.args, echoServer.name, processTerminal));
