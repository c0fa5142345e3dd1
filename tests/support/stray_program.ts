/** Errors that nobody catches, while they are told and afterwards. */

import { processTerminal } from "../../commands/cli/terminal.ts";

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
{
  using _told = processTerminal.onStrayError((error) => processTerminal.out(String(error)));
  Promise.reject(new Error("rejected"));
  setTimeout(() => {
    throw new Error("thrown");
  });
  await pause();
}
Promise.reject(new Error("unheard"));
await pause();
processTerminal.out("never");
