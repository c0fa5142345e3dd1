import { tool } from "../cli/tool.ts";
import { ECHO_SERVER } from "./command.ts";
import { run } from "./run.ts";
import { selfTest } from "./self_test.ts";

export const echoServer = tool(ECHO_SERVER, { run, test: selfTest });
