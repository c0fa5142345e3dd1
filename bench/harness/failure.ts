/** Failures that are worth one line and no stack trace. */

/** No measurement was possible: a tool is missing, a server did not start, an echo was wrong. */
export class BenchFailure extends Error {
  override readonly name: string = "BenchFailure";
  readonly exitCode: number = 1;
}

/** The command line asks for something that does not exist. */
export class UsageFailure extends BenchFailure {
  override readonly name = "UsageFailure";
  override readonly exitCode = 2;
}

/** What to print, and the exit code. Anything unforeseen is a defect here: its stack is shown. */
export function failureLine(error: unknown): { line: string; exitCode: number } {
  if (error instanceof BenchFailure) {
    return { line: `bench: ${error.message}`, exitCode: error.exitCode };
  }
  const line = error instanceof Error ? error.stack ?? error.message : String(error);
  return { line, exitCode: 1 };
}
