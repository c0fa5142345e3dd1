import { type Co, DRIVERS, type Logger, Runtime, WakefulError } from "../../runtime/mod.ts";
import { END_OF_FLAGS } from "./canonical.ts";
import type { Command } from "./command.ts";
import { CommandError, EXIT_FAILURE, EXIT_OK } from "./errors.ts";
import type { Flags, Options } from "./flag.ts";
import { renderHelp } from "./help.ts";
import type { HelpRequest } from "./help_request.ts";
import { type Invocation, parse } from "./parse.ts";
import { makeLogger, type SHARED_FLAGS, type SharedOptions } from "./shared_flags.ts";
import { tellTo } from "./telling.ts";
import type { Terminal } from "./terminal.ts";
import { versionLine } from "./version.ts";

/** A command that can be run: the dispatcher and the executables know tools by this face. */
export interface Tool {
  readonly name: string;
  readonly purpose: string;
  /** Runs it on a runtime of its own and answers the exit code. */
  main(argv: readonly string[], program: string, terminal: Terminal): Promise<number>;
}

/** What an action works with besides its options. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly log: Logger;
  /** The arguments that are neither flags nor the word that says what to do. */
  readonly args: readonly string[];
}

/** What is done for one word of a command; the number is the exit code. */
export type Action<F extends Flags> = (options: Options<F>, around: Surroundings) => Co<number>;

type WithShared = Flags & typeof SHARED_FLAGS;

/** Makes a tool of a command's table and one coroutine for each of its words. */
export function tool<F extends WithShared, A extends string>(
  command: Command<F, A>,
  actions: Readonly<Record<A, Action<F>>>,
): Tool {
  return {
    name: command.name,
    purpose: command.purpose,
    async main(argv, program, terminal) {
      let shared: SharedOptions | undefined;
      try {
        const parsed = parse(command, withoutSeparator(argv), terminal.variable);
        if (!isInvocation(parsed)) {
          terminal.out(told(command, parsed, program));
          return EXIT_OK;
        }
        shared = parsed.options as unknown as SharedOptions;
        const log = makeLogger(command.name, shared, terminal);
        const around = { terminal, log, args: parsed.rest };
        return await run(actions[parsed.action], parsed.options, shared, around);
      } catch (error) {
        return tellFailure(error, program, terminal, shared);
      }
    },
  };
}

function told(command: Command, asked: HelpRequest, program: string): string {
  if (asked.action === "version") return versionLine(program);
  return renderHelp(command, { program, action: asked.about });
}

/** `deno task echo -- --port 0` hands the `--` on; no tool takes arguments before its flags. */
function withoutSeparator(argv: readonly string[]): readonly string[] {
  return argv[0] === END_OF_FLAGS ? argv.slice(1) : argv;
}

function isInvocation<F extends Flags, A extends string>(
  parsed: { action: string } | Invocation<F, A>,
): parsed is Invocation<F, A> {
  return "options" in parsed;
}

async function run<F extends Flags>(
  action: Action<F>,
  options: Options<F>,
  shared: SharedOptions,
  around: Surroundings,
): Promise<number> {
  const builder = Runtime.builder().driver(DRIVERS[shared.driver]).enableAll();
  using runtime = tellTo(builder, around.log).build();
  return await runtime.blockOn(() => action(options, around));
}

/** One line for people; the stack only for those who ask for `debug`. */
function tellFailure(
  error: unknown,
  program: string,
  terminal: Terminal,
  shared: SharedOptions | undefined,
): number {
  const expected = error instanceof CommandError || error instanceof WakefulError;
  const message = expected ? error.message : `unexpected error: ${messageOf(error)}`;
  terminal.err(`${program}: ${message}`);
  const verbose = shared?.logLevel === "debug" || shared?.logLevel === "trace";
  if (verbose) terminal.err(stackOf(error));
  return error instanceof CommandError ? error.exitCode : EXIT_FAILURE;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}
