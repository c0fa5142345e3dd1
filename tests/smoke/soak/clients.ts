/** What the clients of a soak do, good manners and bad. */

import { type Co, IoError, moveOnAfter } from "wakeful/runtime";
import { TcpStream } from "wakeful/net";

const MESSAGE = new Uint8Array(2000);
/** Much more than the system takes for a peer that does not read. */
const FLOOD = new Uint8Array(16 << 20);
/** Nobody listens there. */
const CLOSED_PORT = 1;
/** Too short for some connections to come about, and long enough for others. */
const HASTE_MS = 0.2;

type Client = (port: number) => Co<void>;

const KINDS: Readonly<Record<string, Client>> = {
  *"asks and leaves"(port) {
    using stream = yield* TcpStream.connect({ port });
    yield* stream.writeAll(MESSAGE);
    yield* stream.readExact(new Uint8Array(MESSAGE.length));
  },
  *"half-closes and reads to the end"(port) {
    using stream = yield* TcpStream.connect({ port });
    yield* stream.writeAll(MESSAGE);
    yield* stream.shutdown();
    while ((yield* stream.read(new Uint8Array(MESSAGE.length))) > 0);
  },
  *"leaves bytes unread, which resets"(port) {
    using stream = yield* TcpStream.connect({ port });
    yield* stream.writeAll(MESSAGE);
    yield* stream.fill();
  },
  *"sends without reading, and is gone"(port) {
    const stream = yield* TcpStream.connect({ port });
    stream.tryWrite(FLOOD);
    stream.abort();
  },
  *"says nothing"(port) {
    (yield* TcpStream.connect({ port })).close();
  },
  *"is refused"() {
    (yield* TcpStream.connect({ port: CLOSED_PORT })).close();
  },
  *"gives up connecting"(port) {
    yield* moveOnAfter(HASTE_MS, function* () {
      using _stream = yield* TcpStream.connect({ host: "localhost", port });
    });
  },
};

const CLIENTS = Object.values(KINDS);

/** The n-th client of a soak: each does what the one before it does not. */
export function* client(n: number, port: number): Co<void> {
  try {
    yield* CLIENTS[n % CLIENTS.length](port);
  } catch (error) { // a broken connection is what some of them are after
    if (!(error instanceof IoError)) throw error;
  }
}
