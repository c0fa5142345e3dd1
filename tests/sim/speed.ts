import { type Co, joinAll, random, sleep } from "wakeful/runtime";
import { TcpStream } from "wakeful/net";
import { simulate, type World } from "wakeful/testing";
import { echoServerTool } from "./parts/echo_tool.ts";

const CLIENTS = 50;
const SIMULATED_MS = 600_000;
const RUNS = 3;
const MESSAGE_BYTES = 64;
/** Between two messages of a client: one a second, as people type. */
const THINKING_MS = [500, 1_500] as const;
const MS_PER_SECOND = 1_000;

/** How much faster than life the simulator is, on this machine, with the echo server. */
export async function measureSpeed(terminal: { out(line: string): void }): Promise<number> {
  terminal.out(`echo-server with ${CLIENTS} clients, a message of each in about a second`);
  for (let seed = 1; seed <= RUNS; seed++) {
    const begun = performance.now();
    const { value: exchanges } = await simulate({ seed }, chatter);
    const took = performance.now() - begun;
    const speed = Math.round(SIMULATED_MS / took);
    const rate = Math.round(exchanges / took * MS_PER_SECOND);
    terminal.out(`${speed} simulated s per s, ${rate} exchanges per s`);
  }
  return 0;
}

/** Many clients that talk now and then; answers how often. */
function* chatter(world: World): Co<number> {
  world.host("server", () => echoServerTool(["--host", "0.0.0.0"]));
  const clients = Array.from({ length: CLIENTS }, (_, i) => world.host(`client ${i}`, chat));
  const counts = yield* joinAll(clients.map((client) => client.outcome()));
  return counts.reduce((sum, count) => sum + count, 0);

  function* chat(): Co<number> {
    using stream = yield* TcpStream.connect({ host: "server", port: 8080 });
    const message = new Uint8Array(MESSAGE_BYTES);
    for (let exchanges = 0;; exchanges++) {
      if (world.now >= SIMULATED_MS) return exchanges;
      yield* stream.writeAll(message);
      yield* stream.readExact(message);
      yield* sleep(random().between(...THINKING_MS));
    }
  }
}
