import { type Co, IoError, race, showAddress, type SignalName } from "../../runtime/mod.ts";
import { type Listener, type Stream, TcpListener, UnixListener } from "../../net/mod.ts";
import { EXIT_OK, RuntimeFailure } from "../cli/errors.ts";
import { interrupted } from "../cli/interrupt.ts";
import type { Surroundings } from "../cli/tool.ts";
import type { EchoOptions } from "./command.ts";
import { EchoServer } from "./server.ts";

/** `echo-server run`: listens, serves until a signal comes, drains. */
export function* run(options: EchoOptions, { terminal, log }: Surroundings): Co<number> {
  using listener = yield* listen(options);
  terminal.out(`listening on ${showAddress(listener.localAddr)}`);
  const server = new EchoServer(options, log);
  const signal = yield* race<SignalName>(server.serve(listener), interrupted(terminal));
  log.info(`${signal}: shutting down; once more to end at once`);
  listener.close();
  yield* server.drain();
  return EXIT_OK;
}

function* listen({ unix, host, port }: EchoOptions): Co<Listener<Stream>> {
  try {
    return yield* unix === undefined ? TcpListener.bind({ host, port }) : UnixListener.bind(unix);
  } catch (error) {
    if (error instanceof IoError) throw new RuntimeFailure(explain(error), { cause: error });
    throw error;
  }
}

/** The error, and what to do about it where that is known. */
function explain({ kind, message }: IoError): string {
  if (kind === "address-in-use") {
    return `cannot ${message}; choose another with --port, --host or --unix, or --port 0`;
  }
  return `cannot ${message}`;
}
