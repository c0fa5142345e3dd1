import { type Co, race, showAddress, type SignalName } from "../../runtime/mod.ts";
import { EXIT_OK } from "../cli/errors.ts";
import { interrupted } from "../cli/interrupt.ts";
import type { Surroundings } from "../cli/tool.ts";
import type { EchoOptions } from "./command.ts";
import { open } from "./open.ts";

/** `echo-server run`: listens, serves until a signal comes, drains. */
export function* run(options: EchoOptions, { terminal, log }: Surroundings): Co<number> {
  using service = yield* open(options, log, terminal.os);
  const signalled = interrupted(terminal); // before anybody can know that there is a server
  terminal.out(`listening on ${showAddress(service.localAddr)}`);
  const signal = yield* race<SignalName>(service.serve(), signalled);
  log.info(`${signal}: shutting down; once more to end at once`);
  yield* service.drain();
  return EXIT_OK;
}
