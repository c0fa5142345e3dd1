/** Which addresses exclude each other, by the system itself and by a simulated machine. */

import { TcpListener, TcpStream, UdpSocket } from "wakeful/net";
import { blockOn, type Co, IoError } from "wakeful/runtime";
import { simulate } from "wakeful/testing";
import { assertEquals } from "../support/assert.ts";

const EVERYWHERE = "0.0.0.0";
const LOOPBACK = "127.0.0.1";
const PAIRS = [[LOOPBACK, LOOPBACK], [LOOPBACK, EVERYWHERE], [EVERYWHERE, LOOPBACK], [
  EVERYWHERE,
  EVERYWHERE,
], ["localhost", LOOPBACK]];

type Bound = Disposable & { readonly localAddr: { readonly port: number } };
type Bind = (host: string, port: number) => Co<Bound>;

const BINDS: Record<string, Bind> = {
  *tcp(host, port) {
    return yield* TcpListener.bind({ host, port });
  },
  *udp(host, port) {
    return yield* UdpSocket.bind({ host, port });
  },
};

/** Whether `host` and `port` can be bound. */
function* outcomeOf(bind: Bind, host: string, port: number): Co<string> {
  try {
    using _second = yield* bind(host, port);
    return "bound";
  } catch (error) {
    return error instanceof IoError ? error.kind : "another error";
  }
}

/** For each protocol and pair of hosts, whether the second can be bound beside the first. */
function* outcomes(): Co<string[]> {
  const seen: string[] = [];
  for (const [protocol, bind] of Object.entries(BINDS)) {
    for (const [first, second] of PAIRS) {
      using bound = yield* bind(first, 0);
      const outcome = yield* outcomeOf(bind, second, bound.localAddr.port);
      seen.push(`${protocol}: ${first}, then ${second}: ${outcome}`);
    }
  }
  return seen;
}

/** Whether a port can be listened on: of a connection's near end, and of its closed listener. */
function* portsOfConnection(): Co<string[]> {
  const listener = yield* TcpListener.bind({ port: 0 });
  const { port } = listener.localAddr;
  using client = yield* TcpStream.connect({ port });
  using _server = yield* listener.accept();
  listener.close();
  return [
    yield* outcomeOf(BINDS.tcp, LOOPBACK, client.localAddr.port),
    yield* outcomeOf(BINDS.tcp, LOOPBACK, port),
  ];
}

async function onSimulation<T>(body: () => Co<T>): Promise<T> {
  const { value } = await simulate({ seed: 1 }, function* (world) {
    return yield* world.host("alone", body).outcome();
  });
  return value;
}

Deno.test("bind: addresses exclude each other in the same way everywhere", async () => {
  assertEquals(await onSimulation(outcomes), await blockOn(outcomes));
});

Deno.test("bind: a connection keeps its near end's port, and not its listener's", async () => {
  const seen = await blockOn(portsOfConnection);
  assertEquals(seen, ["address-in-use", "bound"]);
  assertEquals(await onSimulation(portsOfConnection), seen);
});
