/** A run that did what it was asked to, a drained shutdown included. */
export const EXIT_OK = 0;
/** A run that failed: the port is taken, the connection was refused, a self-test did not pass. */
export const EXIT_FAILURE = 1;
/** A command line that cannot be obeyed; nothing was started. */
export const EXIT_USAGE = 2;
/** A second SIGINT or SIGTERM while the first was still draining. */
export const EXIT_INTERRUPTED = 130;

/** What the codes every command shares mean, as `--help` prints them. */
export const COMMON_EXIT_CODES: Readonly<Record<number, string>> = {
  [EXIT_OK]: "done, or drained after SIGINT or SIGTERM",
  [EXIT_FAILURE]: "failed while running",
  [EXIT_USAGE]: "a flag, a value or an argument was wrong",
  [EXIT_INTERRUPTED]: "ended at once by a second SIGINT or SIGTERM",
};

/**
 * An error whose message is meant for the person at the keyboard: print `program: message`, no
 * stack, and exit with `exitCode`.
 *
 * The message is always one line; line breaks in what is passed in (a wrapped system error, say)
 * become spaces.
 */
export abstract class CommandError extends Error {
  /** The process exit code this error asks for. */
  abstract readonly exitCode: number;

  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*[\r\n\u2028\u2029]+\s*/g, " "), options);
  }
}

/** The command line or the environment asked for something that does not exist or cannot be. */
export class UsageError extends CommandError {
  override readonly name = "UsageError";
  readonly exitCode = EXIT_USAGE;
}

/** The command was understood, but the world said no; pass the original error as `cause`. */
export class RuntimeFailure extends CommandError {
  override readonly name = "RuntimeFailure";
  readonly exitCode = EXIT_FAILURE;
}
