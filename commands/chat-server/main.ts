/** The executable `chat-server`: this tool alone. */

import { processTerminal } from "../cli/terminal.ts";
import { chatServer } from "./tool.ts";

Deno.exit(await chatServer.main(Deno.args, chatServer.name, processTerminal));
