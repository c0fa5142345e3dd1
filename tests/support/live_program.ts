/** Says whether there is a line that can be redrawn. */

import { processTerminal } from "../../commands/cli/terminal.ts";

console.log(processTerminal.live === undefined ? "none" : "live");
