import type { Co } from "wakeful/runtime";
import { CommandError } from "../../../commands/cli/errors.ts";
import { parse } from "../../../commands/cli/parse.ts";
import { LOAD_TESTER } from "../../../commands/load-tester/command.ts";
import type { Report } from "../../../commands/load-tester/report/report.ts";
import { run } from "../../../commands/load-tester/run.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";
import { recordingLogger } from "../../commands/echo-server/served.ts";

/** How a run of the tool ended: with a report, or with one line that says why there is none. */
export type LoadOutcome =
  | { readonly exitCode: number; readonly report: Report }
  | { readonly exitCode: number; readonly line: string };

/** `load-tester run --json` as it is, with what follows it on the command line. */
export function* loadTool(argv: readonly string[]): Co<LoadOutcome> {
  const terminal = new FakeTerminal();
  const parsed = parse(LOAD_TESTER, [...argv, "--json"], () => undefined);
  if (!("options" in parsed)) throw new Error(`No options in ${argv.join(" ")}`);
  const { log } = recordingLogger();
  try {
    const exitCode = yield* run(parsed.options, { terminal, log, args: parsed.rest });
    return { exitCode, report: JSON.parse(terminal.stdout.join("\n")) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { exitCode: error.exitCode, line: error.message };
  }
}
