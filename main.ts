/**
 * wakeful: four network tools in one program.
 *
 *   deno run --allow-net main.ts echo-server --port 8080
 *   echo hello | nc -N 127.0.0.1 8080
 */

import { processTerminal } from "./commands/cli/terminal.ts";
import { main } from "./commands/menu.ts";

Deno.exit(await main(Deno.args, processTerminal));
