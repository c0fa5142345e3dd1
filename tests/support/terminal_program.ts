/** Shows what the process's terminal does; for its tests. */

import { processTerminal } from "../../commands/cli/terminal.ts";

processTerminal.out("result");
processTerminal.err("talk");
for (const name of ["WAKEFUL_ONE", "WAKEFUL_TWO"]) {
  const value = processTerminal.variable(name);
  if (value !== undefined) processTerminal.out(`${name}=${value}`);
}
processTerminal.exit(7);
