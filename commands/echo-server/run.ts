import { type Co, race, showAddress, type SignalName } from "../../runtime/mod.ts";
import { EXIT_OK } from "../cli/errors.ts";
import { interrupted } from "../cli/interrupt.ts";
import { listen } from "../cli/listen.ts";
import type { Surroundings } from "../cli/tool.ts";
import type { EchoOptions } from "./command.ts";
import { EchoServer } from "./server.ts";

/** `echo-server run`: listens, serves until a signal comes, drains. */
export function* run(options: EchoOptions, { terminal, log }: Surroundings): Co<number> {
  using listener = yield* listen(options);
  const server = new EchoServer(options, log);
  const signalled = interrupted(terminal); // before anybody can know that there is a server
  terminal.out(`listening on ${showAddress(listener.localAddr)}`);
  const signal = yield* race<SignalName>(server.serve(listener), signalled);
  log.info(`${signal}: shutting down; once more to end at once`);
  listener.close();
  yield* server.drain();
  return EXIT_OK;
}
