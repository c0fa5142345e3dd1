import { type Co, Filter, lines, Logger, pretty, Tracer } from "wakeful/runtime";
import { parse } from "../../../commands/cli/parse.ts";
import type { Surroundings } from "../../../commands/cli/tool.ts";
import { JOB_QUEUE, type QueueOptions } from "../../../commands/job-queue/command.ts";
import type { Handlers } from "../../../commands/job-queue/engine/handler.ts";
import { serveFrom } from "../../../commands/job-queue/serve.ts";
import type { Store } from "../../../commands/job-queue/store/store.ts";
import { workWith } from "../../../commands/job-queue/work.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";

/** Log lines carry no time here. */
const NO_CLOCK = { now: () => 0, wall: () => 0 };

/** `job-queue serve` as it is, over a store that is open. */
export function* queueServer(
  store: Store,
  handlers: Handlers,
  argv: readonly string[],
  onError: (line: string) => void,
): Co<number> {
  return yield* serveFrom(store, handlers, optionsOf(["serve", ...argv]), around(onError));
}

/** `job-queue work` as it is, with handlers that are there. */
export function* queueWorker(
  handlers: Handlers,
  argv: readonly string[],
  onError: (line: string) => void,
): Co<number> {
  return yield* workWith(handlers, optionsOf(["work", ...argv]), around(onError));
}

function around(onError: (line: string) => void): Surroundings {
  const layer = lines(pretty, onError);
  const tracer = new Tracer({ clock: NO_CLOCK, filter: new Filter("error"), layers: [layer] });
  return { terminal: new FakeTerminal(), log: new Logger("job-queue", tracer), args: [] };
}

function optionsOf(argv: readonly string[]): QueueOptions {
  const parsed = parse(JOB_QUEUE, argv, () => undefined);
  if (!("options" in parsed)) throw new Error(`No options in ${argv.join(" ")}`);
  return parsed.options;
}
