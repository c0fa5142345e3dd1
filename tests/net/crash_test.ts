/** What a client sees of a server that dies, from the system itself and from a simulated one. */

import { TcpListener, TcpStream } from "wakeful/net";
import { blockOn, type Co, IoError, Notify, sleep } from "wakeful/runtime";
import { simulate } from "wakeful/testing";
import { assertEquals } from "../support/assert.ts";
import { ChildProcess } from "../support/child_process.ts";
import { sendText, textOfLength } from "../support/stream_ends.ts";

/** What is read from a server that says its last words and dies, and how that ends. */
function* lastWords(host: string, port: number, unread: boolean): Co<[string, string]> {
  using stream = yield* TcpStream.connect({ host, port });
  if (unread) yield* sendText(stream, "unread");
  const text = yield* textOfLength(stream, 10);
  try {
    return [text, (yield* stream.fill()).length === 0 ? "end" : "more"];
  } catch (error) {
    return [text, error instanceof IoError ? error.kind : "another error"];
  }
}

async function fromSystem(unread: boolean): Promise<[string, string]> {
  await using server = new ChildProcess(
    ["--allow-net", "--allow-run"],
    "tests/support/dying_server.ts",
    { args: unread ? ["unread"] : [] },
  );
  const [, port] = await server.line(/port (\d+)/);
  return await blockOn(() => lastWords("127.0.0.1", Number(port), unread));
}

async function fromSimulation(unread: boolean, seed: number): Promise<[string, string]> {
  const { value } = await simulate({ seed }, function* (world) {
    world.host("server", function* () {
      using listener = yield* TcpListener.bind({ host: "0.0.0.0", port: 80 });
      using stream = yield* listener.accept();
      if (unread) yield* stream.read(new Uint8Array(1));
      yield* sleep(10); // whatever the client sent has come: what comes later outruns no words
      yield* sendText(stream, "last words");
      world.crash("server");
      yield* new Notify().notified();
    });
    const client = world.host("client", () => lastWords("server", 80, unread));
    return yield* client.outcome();
  });
  return value;
}

Deno.test("a server that dies: its last words arrive, then the end", async () => {
  const seen = await fromSystem(false);
  assertEquals(seen, ["last words", "end"]);
  for (let seed = 0; seed < 20; seed++) assertEquals(await fromSimulation(false, seed), seen);
});

Deno.test("a server that dies with bytes unread: its last words arrive, then a reset", async () => {
  const seen = await fromSystem(true);
  assertEquals(seen, ["last words", "connection-reset"]);
  for (let seed = 0; seed < 20; seed++) assertEquals(await fromSimulation(true, seed), seen);
});
