import { UsageError } from "../../../commands/cli/errors.ts";
import { renderHelp } from "../../../commands/cli/help.ts";
import { parse } from "../../../commands/cli/parse.ts";
import { JOB_QUEUE } from "../../../commands/job-queue/command.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../support/assert.ts";
import { NO_VARIABLES } from "../cli/example_table.ts";

function parsed(...argv: string[]) {
  const invocation = parse(JOB_QUEUE, argv, NO_VARIABLES);
  assert("options" in invocation);
  return invocation;
}

Deno.test("JOB_QUEUE: each word has its flags, its arguments, and the defaults", () => {
  const { options, action } = parsed("serve");
  const { host, port, workers, lease, drainTimeout, synchronous, db } = options;
  assertEquals(action, "serve");
  assertEquals([host, port, workers], ["127.0.0.1", 8080, 4]);
  assertEquals([lease, drainTimeout, synchronous, db], [30_000, 10_000, "full", undefined]);
  assertEquals(parsed("enqueue", "noop", "{}").rest, ["noop", "{}"]);
  assertEquals(parsed("run", "-n", "7", "-w", "2").options.jobs, 7);
});

Deno.test("JOB_QUEUE: what makes no sense is refused", () => {
  const cases: [string[], string][] = [
    [[], "missing action"],
    [["status", "--workers", "3"], "unexpected flag --workers"],
    [["serve", "--unix", "/x", "--port", "1"], "exclude each other"],
    [["serve", "--synchronous", "off"], "full or normal"],
    [["list", "--state", "lost"], "scheduled, pending"],
    [["enqueue", "a", "b", "c"], "at most 2"],
    [["cancel", "1", "2"], "at most 1 ID"],
    [["serve", "queue.db"], "unexpected argument queue.db: serve takes no arguments"],
  ];
  for (const [argv, message] of cases) {
    assertStringIncludes(assertThrows(() => parsed(...argv), UsageError).message, message);
  }
});

Deno.test("JOB_QUEUE: the help fits on a terminal, and names every word", () => {
  const help = renderHelp(JOB_QUEUE, { program: "job-queue" });
  for (const word of Object.keys(JOB_QUEUE.actions!)) {
    assertStringIncludes(help, `job-queue ${word}`);
  }
  for (const line of help.split("\n")) assert(line.length <= 110, line);
});
