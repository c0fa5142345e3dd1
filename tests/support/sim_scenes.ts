import { type Stream, TcpListener, TcpStream } from "wakeful/net";
import { type Co, scope } from "wakeful/runtime";
import { type Host, simulate, SimulationFailed, type World } from "wakeful/testing";
import { assertInstanceOf } from "./assert.ts";

/** What a simulation of `body` answers. */
export async function simulated<T>(body: (world: World) => Co<T>, seed = 1): Promise<T> {
  return (await simulate({ seed }, body)).value;
}

/** How a simulation fails, which it has to. */
export async function failureOf(
  body: (world: World) => Co<unknown>,
  options: Parameters<typeof simulate>[0] = {},
): Promise<SimulationFailed> {
  try {
    await simulate({ seed: 1, ...options }, body);
  } catch (error) {
    assertInstanceOf(error, SimulationFailed);
    return error;
  }
  throw new Error("expected the simulation to fail");
}

/** The first line of a failure: what happened. */
export function headOf({ message }: SimulationFailed): string {
  return message.split("\n")[0];
}

/** Adds a host that answers everything that comes on port 7 with itself. */
export function echoHost(world: World, name = "server"): Host<never> {
  return world.host(name, function* (): Co<never> {
    using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: 7 });
    return yield* scope(function* (s): Co<never> {
      for (;;) {
        const stream = yield* listener.accept();
        s.spawn(() => echo(stream));
      }
    });
  });
}

function* echo(connection: Stream): Co<void> {
  using stream = connection;
  try {
    for (;;) {
      const lent = yield* stream.fill();
      if (lent.length === 0) return;
      const copy = lent.slice();
      stream.consume(lent.length);
      yield* stream.writeAll(copy);
    }
  } catch { /* the client is gone */ }
}

/** Asks the echo host at `host` once. */
export function* ask(host: string, question: Uint8Array): Co<Uint8Array> {
  using stream = yield* TcpStream.connect({ host, port: 7 });
  yield* stream.writeAll(question);
  const answer = new Uint8Array(question.length);
  yield* stream.readExact(answer);
  return answer;
}
