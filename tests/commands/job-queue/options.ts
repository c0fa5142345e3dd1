import { parse } from "../../../commands/cli/parse.ts";
import { JOB_QUEUE, type QueueOptions } from "../../../commands/job-queue/command.ts";

/** What the words and flags of a command line come to. */
export function optionsOf(...argv: string[]): QueueOptions {
  const parsed = parse(JOB_QUEUE, argv, () => undefined);
  if ("options" in parsed) return parsed.options;
  throw new Error(`No options in ${argv.join(" ")}`);
}
