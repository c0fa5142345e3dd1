import { TcpListener } from "wakeful/net";
import { type Co, Runtime, scope, spawn, yieldNow } from "wakeful/runtime";
import { EchoServer } from "../../../commands/echo-server/server.ts";
import { assertEquals } from "../../support/assert.ts";
import { receiveNumbered, sendNumbered } from "../../support/stream_ends.ts";
import { seeded } from "../../support/random.ts";
import { overTcp } from "../../net/over_tcp.ts";
import { OPTIONS, recordingLogger } from "./served.ts";

const CLIENTS = 200;
const MANY_BYTES = 64 * 1024;

/** Runs `body` beside a server on a real socket; afterwards everything has to be as before. */
async function beside(body: (port: number) => Co<void>): Promise<void> {
  using runtime = Runtime.builder().enableAll().build();
  const server = new EchoServer(OPTIONS, recordingLogger().log);
  await runtime.blockOn(function* () {
    using listener = yield* TcpListener.bind({ port: 0 });
    using _serving = spawn(() => server.serve(listener)).abortOnDrop();
    yield* yieldNow();
    const before = runtime.statistics();
    yield* body(listener.localAddr.port);
    while (server.traffic.connections > 0) yield* yieldNow();
    assertEquals(runtime.statistics(), before);
  });
}

Deno.test("EchoServer: clients that connect and break leave neither token nor task behind", async () => {
  await beside(function* (port) {
    using family = overTcp();
    for (let i = 0; i < CLIENTS; i++) {
      const to = { transport: "tcp", host: "127.0.0.1", port } as const;
      using client = yield* family.connect(to);
      client.tryWrite(new Uint8Array(4096));
      if (i % 2 === 0) yield* client.fill();
    }
  });
});

Deno.test("EchoServer: random chunks of many clients at once come back byte for byte", async () => {
  await beside(function* (port) {
    using family = overTcp();
    yield* scope(function* (s) {
      for (let i = 0; i < CLIENTS / 4; i++) {
        s.spawn(function* () {
          const draw = seeded(i);
          using client = yield* family.connect({ transport: "tcp", host: "127.0.0.1", port });
          const sending = s.spawn(() => sendNumbered(client, MANY_BYTES, () => draw(1, 20_000)));
          yield* receiveNumbered(client, MANY_BYTES);
          yield* sending;
        });
      }
    });
  });
});
