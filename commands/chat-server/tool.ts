import { tool } from "../cli/tool.ts";
import { CHAT_SERVER } from "./command.ts";
import { run } from "./run.ts";
import { selfTest } from "./self_test.ts";

export const chatServer = tool(CHAT_SERVER, { run, test: selfTest });
