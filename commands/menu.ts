import { CommandError, EXIT_OK } from "./cli/errors.ts";
import { type Menu, pick, renderMenu } from "./cli/menu.ts";
import type { Terminal } from "./cli/terminal.ts";
import type { Tool } from "./cli/tool.ts";
import { versionLine } from "./cli/version.ts";
import { chatServer } from "./chat-server/tool.ts";
import { echoServer } from "./echo-server/tool.ts";
import { jobQueue } from "./job-queue/tool.ts";
import { loadTester } from "./load-tester/tool.ts";

const TOOLS = {
  "echo-server": echoServer,
  "chat-server": chatServer,
  "load-tester": loadTester,
  "job-queue": jobQueue,
} satisfies Record<string, Tool>;

const MENU = {
  name: "wakeful",
  purpose: "network tools on an async runtime written from nothing",
  commands: {
    "echo-server": echoServer.purpose,
    "chat-server": chatServer.purpose,
    "load-tester": loadTester.purpose,
    "job-queue": jobQueue.purpose,
  },
} satisfies Menu;

/** The program `wakeful`: its first word picks a tool. Answers the exit code. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const picked = pick(MENU, argv);
    if (picked.action === "help") {
      terminal.out(renderMenu(MENU));
      return EXIT_OK;
    }
    if (!("argv" in picked)) {
      terminal.out(versionLine(MENU.name));
      return EXIT_OK;
    }
    const tool = TOOLS[picked.action];
    return await tool.main(picked.argv, `${MENU.name} ${picked.action}`, terminal);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.err(`${MENU.name}: ${error.message}`);
    return error.exitCode;
  }
}
