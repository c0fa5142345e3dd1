/**
 * Connects, half-closes, resets and gives up, thousands of times, over the epoll driver, and counts
 * descriptors, tasks, timers and registrations before and after. Not part of a suite.
 *
 *   deno run -A tests/smoke/epoll_soak.ts        five seconds
 *   deno run -A tests/smoke/epoll_soak.ts 300    five minutes
 *
 * Ends with 1 when something was lost.
 */

import {
  type Co,
  epollDriver,
  IoError,
  joinAll,
  moveOnAfter,
  Runtime,
  spawn,
} from "wakeful/runtime";
import { copy, type Listener, type Stream, TcpListener, TcpStream } from "wakeful/net";
import { openDescriptors } from "../support/epoll.ts";

const DEFAULT_SECONDS = 5;
/** Deno opens a pair of sockets of its own, once, at some time. */
const DENOS_OWN = 2;
/** How many clients there are at a time. */
const CLIENTS = 50;
const MESSAGE = new Uint8Array(2000);
/** Much more than the system takes for a peer that does not read. */
const FLOOD = new Uint8Array(16 << 20);
const REPORT_MS = 5000;
/** Nobody listens there. */
const CLOSED_PORT = 1;
/** Too short for some connections to come about, and long enough for others. */
const HASTE_MS = 0.2;

type Client = (port: number) => Co<void>;

/** What clients do, in turn. */
const CLIENT_KINDS: Readonly<Record<string, Client>> = {
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

/** A broken connection is what some of them are after. */
function* forgiving(body: Co<unknown>): Co<void> {
  try {
    yield* body;
  } catch (error) {
    if (!(error instanceof IoError)) throw error;
  }
}

function* serve(listener: Listener<Stream>): Co<never> {
  for (;;) {
    const stream = yield* listener.accept();
    spawn(function* () {
      using client = stream;
      yield* forgiving(copy(client, client));
    });
  }
}

/** Rounds of clients until `end`; answers how many there were. */
function* rounds(port: number, end: number): Co<number> {
  const kinds = Object.values(CLIENT_KINDS);
  let [clients, reportAt] = [0, performance.now() + REPORT_MS];
  while (performance.now() < end) {
    const round = Array.from({ length: CLIENTS }, () => kinds[clients++ % kinds.length]);
    yield* joinAll(round.map((client) => spawn(() => forgiving(client(port)))));
    if (performance.now() < reportAt) continue;
    console.log(`${clients} clients, ${openDescriptors()} descriptors`);
    reportAt += REPORT_MS;
  }
  return clients;
}

/** True when nothing is left over. */
async function soak(seconds: number): Promise<boolean> {
  const before = openDescriptors();
  const runtime = Runtime.builder().driver(epollDriver).enableAll().build();
  const clients = await runtime.blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    using _server = spawn(() => serve(listener)).abortOnDrop();
    return yield* rounds(listener.localAddr.port, performance.now() + seconds * 1000);
  });
  await runtime.close();
  const lost = openDescriptors() - before;
  const { tasks, timers, registrations } = runtime.statistics();
  console.log(
    `${clients} clients in ${seconds} s; left over: ${lost} descriptors (up to ${DENOS_OWN} are ` +
      `Deno's), ${tasks} tasks, ${timers} timers, ${registrations} registrations`,
  );
  return lost <= DENOS_OWN && tasks + timers + registrations === 0;
}

if (import.meta.main) {
  const seconds = Number(Deno.args[0] ?? DEFAULT_SECONDS);
  Deno.exit(await soak(seconds) ? 0 : 1);
}
