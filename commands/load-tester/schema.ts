import type { Co } from "../../runtime/mod.ts";
import { EXIT_OK } from "../cli/errors.ts";
import type { Surroundings } from "../cli/tool.ts";
import type { LoadOptions } from "./command.ts";
import SCHEMA from "./report/report.schema.json" with { type: "json" };

/** `load-tester schema`: what a program that reads reports can rely on. */
export function* schema(_options: LoadOptions, { terminal }: Surroundings): Co<number> {
  terminal.out(JSON.stringify(SCHEMA, null, 2));
  return EXIT_OK;
}
