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
  const server = new EchoServer(options, log);
  const signalled = interrupted(terminal); // before anybody can know that there is a server
  terminal.out(`listening on ${showAddress(listener.localAddr)}`);
  const signal = yield* race<SignalName>(server.serve(listener), signalled);
  log.info(`${signal}: shutting down; once more to end at once`);
  listener.close();
  yield* server.drain();
  return EXIT_OK;
}

function* listen(options: EchoOptions): Co<Listener<Stream>> {
  const { unix, host, port } = options;
  try {
    return yield* unix === undefined ? TcpListener.bind({ host, port }) : UnixListener.bind(unix);
  } catch (error) {
    if (error instanceof IoError) {
      throw new RuntimeFailure(explain(error, options), { cause: error });
    }
    throw error;
  }
}

const FIRST_UNPRIVILEGED_PORT = 1024;

/** The error, and what to do about it where that is known. */
function explain({ kind, message }: IoError, { unix, port }: EchoOptions): string {
  if (kind === "address-in-use" && unix !== undefined) {
    return `cannot ${message}; choose another path with --unix`;
  }
  if (kind === "address-in-use") {
    return `cannot ${message}; choose another with --port or --host, or a free one with --port 0`;
  }
  if (kind === "permission-denied" && unix === undefined && port < FIRST_UNPRIVILEGED_PORT) {
    return `cannot ${message}; ports below ${FIRST_UNPRIVILEGED_PORT} may need more rights, choose another with --port`;
  }
  return `cannot ${message}`;
}
