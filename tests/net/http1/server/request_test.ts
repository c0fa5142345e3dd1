import { type Co, MovedOn, moveOnAfter, race, sleep, spawn } from "wakeful/runtime";
import { duplex, type DuplexStream, type HttpHandler, serveConnection } from "wakeful/net";
import { runTest } from "wakeful/testing";
import { assertEquals } from "../../../support/assert.ts";
import { bytes } from "../../../support/bytes.ts";

const ASK = "POST /news HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";

/** What a handler sees that waits a minute for news, when its client then does this. */
async function seen(act: (client: DuplexStream) => Co<void>): Promise<string> {
  let what = "nothing";
  await runTest(function* () {
    const [client, server] = duplex();
    const handler: HttpHandler = function* (request) {
      yield* request.body.discard();
      const gone = yield* moveOnAfter(60_000, request.gone());
      what = gone === MovedOn ? "patience" : "gone";
      return { body: "nothing new" };
    };
    const served = spawn(serveConnection(server, handler));
    yield* client.writeAll(bytes(ASK));
    yield* sleep(1);
    yield* act(client);
    yield* race<void>(sleep(120_000), served);
    client.close();
  });
  return what;
}

Deno.test("HttpRequest.gone: a client that closes has gone", async () => {
  assertEquals(
    await seen(function* (client) {
      client.close();
    }),
    "gone",
  );
});

Deno.test("HttpRequest.gone: so has one that has finished sending", async () => {
  assertEquals(
    await seen(function* (client) {
      yield* client.shutdown();
    }),
    "gone",
  );
});

Deno.test("HttpRequest.gone: one that waits is there", async () => {
  assertEquals(await seen(function* () {}), "patience");
});

Deno.test("HttpRequest.gone: of one that has asked again nothing is known", async () => {
  assertEquals(
    await seen(function* (client) {
      yield* client.writeAll(bytes(ASK));
      client.close();
    }),
    "patience",
  );
});
