import { type Co, Filter, lines, Logger, Tracer } from "wakeful/runtime";
import { parse } from "../../../commands/cli/parse.ts";
import { ECHO_SERVER, type EchoOptions } from "../../../commands/echo-server/command.ts";
import { run } from "../../../commands/echo-server/run.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";

/** Log lines carry no time here. */
const NO_CLOCK = { now: () => 0, wall: () => 0 };

/** `echo-server run` as it is, with what follows it on the command line; answers the exit code. */
export function* echoServerTool(argv: readonly string[]): Co<number> {
  const terminal = new FakeTerminal();
  const layer = lines(({ message }) => message, (line) => terminal.err(line));
  const tracer = new Tracer({ clock: NO_CLOCK, filter: new Filter("info"), layers: [layer] });
  return yield* run(optionsOf(argv), {
    terminal,
    log: new Logger("echo-server", tracer),
    args: [],
  });
}

function optionsOf(argv: readonly string[]): EchoOptions {
  const parsed = parse(ECHO_SERVER, argv, () => undefined);
  if (!("options" in parsed)) throw new Error(`No options in ${argv.join(" ")}`);
  return parsed.options;
}
