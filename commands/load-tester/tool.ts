import { tool } from "../cli/tool.ts";
import { LOAD_TESTER } from "./command.ts";
import { run } from "./run.ts";
import { schema } from "./schema.ts";

export const loadTester = tool(LOAD_TESTER, { run, schema });
