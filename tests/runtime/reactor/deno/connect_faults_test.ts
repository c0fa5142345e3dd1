import { Closed, WouldBlock, WRITABLE } from "wakeful/runtime";
import { DenoConnect, dial } from "../../../../runtime/reactor/deno/connect.ts";
import { Submissions } from "../../../../runtime/reactor/deno/submissions.ts";
import { assertEquals, assertNotEquals, assertThrows } from "../../../support/assert.ts";
import { FakeConn, FakeRegistrar, microtasks } from "../../../support/fake_conn.ts";
import { stubbed } from "../../../support/stub.ts";

/** An attempt whose connection comes when the test says so. */
function attempt() {
  const { promise, resolve, reject } = Promise.withResolvers<Deno.Conn>();
  using _stub = stubbed(Deno, "connect", () => promise);
  const registrar = new FakeRegistrar();
  const address = { transport: "tcp", host: "127.0.0.1", port: 7 } as const;
  const source = new DenoConnect(dial(address), registrar, new Submissions(() => {}));
  const conn = new FakeConn();
  const arrive = async () => {
    resolve(conn.asDeno);
    await microtasks();
  };
  const fail = async (error: Error) => {
    reject(error);
    await microtasks();
  };
  return { registrar, source, conn, arrive, fail };
}

Deno.test("DenoConnect: tells that it is writable when the connection is there", async () => {
  const { registrar, source, conn, arrive } = attempt();
  assertEquals(source.tryConnect(), WouldBlock);
  await arrive();
  assertEquals(registrar.take(), [WRITABLE]);
  assertNotEquals(source.tryConnect(), WouldBlock);
  assertThrows(() => source.tryConnect(), Closed);
  source.close();
  assertEquals(conn.closes, 0, "the stream is its taker's now");
});

Deno.test("DenoConnect: closing twice is allowed, also when the connection has arrived", async () => {
  const { registrar, source, conn, arrive } = attempt();
  await arrive();
  source.close();
  source.close();
  assertEquals([conn.closes, registrar.tokens.size], [1, 0]);
});

Deno.test("DenoConnect: one that is closed before it arrives is closed when it does", async () => {
  const { registrar, source, conn, arrive } = attempt();
  source.close();
  await arrive();
  assertEquals([conn.closes, registrar.events.length], [1, 0]);
});

Deno.test("DenoConnect: one that fails after it was closed is nobody's affair", async () => {
  const { registrar, source, fail } = attempt();
  source.close();
  await fail(new Deno.errors.ConnectionRefused("refused"));
  assertEquals(registrar.tokens.size, 0);
});
