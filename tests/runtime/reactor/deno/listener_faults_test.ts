import { IoError, type ListenOptions, READABLE, WouldBlock } from "wakeful/runtime";
import { DenoListener } from "../../../../runtime/reactor/deno/listener.ts";
import { Submissions } from "../../../../runtime/reactor/deno/submissions.ts";
import { assertEquals, assertNotEquals, assertThrows } from "../../../support/assert.ts";
import { FakeConn, FakeRegistrar } from "../../../support/fake_conn.ts";
import { withFakeListen } from "../../../support/fake_listener.ts";

const NO_DESCRIPTORS = new Error("Too many open files (os error 24)");

function listening(options: ListenOptions = {}) {
  const registrar = new FakeRegistrar();
  const submissions = new Submissions(() => {});
  const address = { transport: "tcp", host: "127.0.0.1", port: 0 } as const;
  const { made: source, listener, asked } = withFakeListen(() =>
    new DenoListener(address, options, registrar, submissions)
  );
  /** Asks for a client that is not there and ends the turn: an accept is under way. */
  const startAccept = () => {
    assertEquals(source.tryAccept(), WouldBlock);
    submissions.submitAll();
  };
  return { registrar, submissions, source, listener, asked, startAccept };
}

Deno.test("DenoListener: its backlog is large unless another is asked for, its port its own", () => {
  const asked = [{}, { backlog: 7 }, { reusePort: true }].map((options) =>
    listening(options).asked
  );
  const common = { hostname: "127.0.0.1", port: 0 };
  assertEquals(asked, [
    [{ ...common, tcpBacklog: 4096 }],
    [{ ...common, tcpBacklog: 7 }],
    [{ ...common, tcpBacklog: 4096, reusePort: true }],
  ]);
});

Deno.test("DenoListener: one accept is under way at most, and none before it is asked for", async () => {
  const { registrar, submissions, source, listener, startAccept } = listening();
  submissions.submitAll();
  assertEquals(listener.accepts, 0);
  for (let i = 0; i < 3; i++) startAccept();
  assertEquals(listener.accepts, 1);
  await listener.arrive(new FakeConn());
  assertEquals(registrar.take(), [READABLE]);
  assertNotEquals(source.tryAccept(), WouldBlock);
  startAccept();
  assertEquals(listener.accepts, 2);
});

Deno.test("DenoListener: an accept that fails is told once, and the next one goes on", async () => {
  const { registrar, source, listener, startAccept } = listening();
  startAccept();
  await listener.fail(NO_DESCRIPTORS);
  assertEquals(registrar.take(), [READABLE]);
  const error = assertThrows(() => source.tryAccept(), IoError, "accept on 127.0.0.1:7: Too many");
  assertEquals(error.kind, "too-many-open-files");
  startAccept();
  await listener.arrive(new FakeConn());
  assertNotEquals(source.tryAccept(), WouldBlock);
});

Deno.test("DenoListener: closed, it closes the client that nobody took", async () => {
  const { registrar, source, listener, startAccept } = listening();
  const conn = new FakeConn();
  startAccept();
  await listener.arrive(conn);
  source.close();
  source.close();
  assertEquals([conn.closes, listener.closed, registrar.tokens.size], [1, true, 0]);
});

Deno.test("DenoListener: closed, it closes the client that comes too late", async () => {
  const { source, listener, startAccept } = listening();
  const conn = new FakeConn();
  startAccept();
  source.close();
  await listener.arrive(conn);
  assertEquals(conn.closes, 1);
});

Deno.test("DenoListener: closed before the turn ends, it starts no accept", () => {
  const { submissions, source, listener } = listening();
  source.tryAccept();
  source.close();
  submissions.submitAll();
  assertEquals(listener.accepts, 0);
});

Deno.test("DenoListener: a client that reset while it was in the backlog is nobody's error", async () => {
  const { registrar, source, listener, startAccept } = listening();
  startAccept();
  await listener.fail(new Deno.errors.NotConnected("Transport endpoint is not connected"));
  await listener.fail(new Deno.errors.ConnectionAborted("aborted"));
  assertEquals([registrar.take(), listener.accepts], [[], 3]);
  await listener.arrive(new FakeConn());
  assertEquals(registrar.take(), [READABLE]);
  assertNotEquals(source.tryAccept(), WouldBlock);
});

Deno.test("DenoListener: closed while such a client is passed over, it accepts no more", async () => {
  const { source, listener, startAccept } = listening();
  startAccept();
  source.close();
  await listener.fail(new Deno.errors.NotConnected("Transport endpoint is not connected"));
  assertEquals(listener.accepts, 1);
});
