import { type Co, type JoinHandle, race, showAddress, Signal, spawn } from "../../runtime/mod.ts";
import { EXIT_OK, RuntimeFailure } from "../cli/errors.ts";
import { interrupted } from "../cli/interrupt.ts";
import type { Surroundings } from "../cli/tool.ts";
import type { ChatOptions } from "./command.ts";
import { Journal } from "./journal.ts";
import { ledgerFields } from "./ledger.ts";
import { open } from "./open.ts";

/** `chat-server run`: listens, serves until a signal or an operator ends it, drains. */
export function* run(options: ChatOptions, around: Surroundings): Co<number> {
  const { terminal, log } = around;
  using journal = openJournal(options, around);
  using service = yield* open(options, { log, journal }, terminal.os);
  using _rotating = options.log === undefined ? undefined : reopenAtHangup(journal);
  const signalled = interrupted(terminal); // before anybody can know that there is a server
  terminal.out(`listening on ${showAddress(service.localAddr)}`);
  const why = yield* race<string>(service.serve(), signalled, service.ordered());
  const again = why.startsWith("SIG") ? "; once more to end at once" : "";
  log.info(`${why}: shutting down${again}`);
  yield* service.drain(why);
  log.info("what became of all lines", { ...ledgerFields(service.ledger) });
  return EXIT_OK;
}

function openJournal({ log: path }: ChatOptions, { terminal, log }: Surroundings): Journal {
  if (path === undefined) return new Journal();
  try {
    return new Journal({
      open: () => terminal.append(path),
      wall: () => log.tracer.clock.wall(),
      onError: (error) => log.error(`cannot write ${path}: ${messageOf(error)}`),
    });
  } catch (error) {
    const message = `cannot open ${path}: ${messageOf(error)}; choose another file with --log`;
    throw new RuntimeFailure(message, { cause: error });
  }
}

/** Lets the log be rotated: SIGHUP opens the file again. */
function reopenAtHangup(journal: Journal): Disposable {
  const hangup = new Signal("SIGHUP");
  const task: JoinHandle<never> = spawn(function* () {
    for (;;) {
      yield* hangup.receive();
      journal.reopen();
    }
  }, { name: "log rotation" });
  return {
    [Symbol.dispose]: () => {
      task.abort();
      hangup.close();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
