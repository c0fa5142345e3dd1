import { TcpStream } from "wakeful/net";
import { IoError, ready, WouldBlock } from "wakeful/runtime";
import { echo, type Ending, type Patience } from "../../../commands/echo-server/echo.ts";
import { Traffic } from "../../../commands/echo-server/traffic.ts";
import { assertEquals, assertFalse, assertStrictEquals } from "../../support/assert.ts";
import { bytes } from "../../support/bytes.ts";
import { memoryPair } from "../../support/memory_net.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";
import { reactorHere } from "./served.ts";

/** One client being echoed, with the far end in the test's hands. */
function echoed(patience: Partial<Patience> = {}, room: { here?: number; there?: number } = {}) {
  const time = new VirtualRuntime();
  const reactor = time.run(reactorHere);
  const [source, client] = memoryPair(reactor, room);
  const traffic = new Traffic();
  const stream = new TcpStream(source, reactor);
  const task = time.spawn(() =>
    echo(stream, { idleTimeout: 100, writeTimeout: 50, ...patience }, traffic)
  );
  time.settle();
  const ending = (): Ending | undefined => task.isFinished() ? time.outcome(task) : undefined;
  return {
    time,
    stream,
    source,
    client,
    traffic,
    task,
    ending,
    [Symbol.dispose]: () => time[Symbol.dispose](),
  };
}

Deno.test("echo: sends back what comes, as it comes, and counts it", () => {
  using e = echoed();
  for (const text of ["one", "two", "three"]) {
    e.client.send(text);
    e.time.settle();
    assertEquals(e.client.take(), text);
  }
  assertEquals([e.traffic.bytesIn, e.traffic.bytesOut], [11, 11]);
});

Deno.test("echo: a client that has finished sending gets its answer, then the end", () => {
  using e = echoed();
  e.client.send("last");
  e.client.tryShutdown();
  e.time.settle();
  assertEquals([e.client.take(), e.client.atEnd, e.ending()], ["last", true, "finished"]);
});

Deno.test("echo: waits for its last answer to be on its way before it has finished", () => {
  using e = echoed();
  e.source.hold(true);
  e.client.tryShutdown();
  e.time.settle();
  assertEquals([e.client.atEnd, e.ending()], [false, undefined]);
  e.source.hold(false);
  e.time.settle();
  assertEquals([e.client.atEnd, e.ending()], [true, "finished"]);
});

Deno.test("echo: gives up on a client that sends nothing for the idle timeout", () => {
  using e = echoed({ idleTimeout: 100 });
  e.time.advance(99);
  assertEquals(e.ending(), undefined);
  e.time.advance(1);
  assertEquals(e.ending(), "idle");
});

Deno.test("echo: each byte gives the client the whole idle timeout again", () => {
  using e = echoed({ idleTimeout: 100 });
  for (let i = 0; i < 5; i++) {
    e.time.advance(99);
    e.client.send("x");
    e.time.settle();
  }
  assertEquals(e.ending(), undefined);
  e.time.advance(100);
  assertEquals(e.ending(), "idle");
});

Deno.test("echo: an idle timeout of zero is none", () => {
  using e = echoed({ idleTimeout: 0 });
  e.time.advance(1e9);
  assertEquals(e.ending(), undefined);
});

Deno.test("echo: does not receive while its answer waits to be taken", () => {
  using e = echoed({}, { here: 8, there: 4 });
  e.client.send("12345678");
  e.time.settle();
  assertEquals(e.client.tryWrite(bytes("9")), WouldBlock);
  assertEquals(e.client.take(), "1234");
  e.time.settle();
  assertEquals([e.client.take(), e.client.tryWrite(bytes("9"))], ["5678", 1]);
});

Deno.test("echo: gives up on a client that takes nothing for the write timeout", () => {
  using e = echoed({ writeTimeout: 50 }, { there: 4 });
  e.client.send("12345678");
  e.time.advance(49);
  assertEquals(e.ending(), undefined);
  e.time.advance(1);
  assertEquals([e.ending(), e.traffic.bytesOut], ["stalled", 0]);
});

Deno.test("echo: gives up on a client that does not let the last of it go", () => {
  using e = echoed({ writeTimeout: 50 });
  e.source.hold(true);
  e.client.tryShutdown();
  e.time.advance(50);
  assertEquals(e.ending(), "stalled");
});

Deno.test("echo: a write timeout of zero is none", () => {
  using e = echoed({ writeTimeout: 0 }, { there: 4 });
  e.client.send("12345678");
  e.time.advance(1e9);
  assertEquals(e.ending(), undefined);
  assertEquals(e.client.take(), "1234");
  e.time.settle();
  assertEquals([e.client.take(), e.traffic.bytesOut], ["5678", 8]);
});

Deno.test("echo: time that an answer takes is not the client's idle time", () => {
  using e = echoed({ idleTimeout: 100, writeTimeout: 1000 }, { there: 4 });
  e.client.send("12345678");
  e.time.advance(150);
  e.client.take();
  e.time.settle();
  e.time.advance(99);
  assertEquals(e.ending(), undefined);
  e.time.advance(1);
  assertEquals(e.ending(), "idle");
});

Deno.test("echo: a connection that breaks ends it with that error", () => {
  using e = echoed();
  const error = new IoError("connection-reset", "read: reset");
  e.source.fail(error);
  e.time.settle();
  assertStrictEquals(e.ending(), error);
});

Deno.test("echo: its timers go with the stream", () => {
  using e = echoed();
  e.client.send("x");
  e.time.settle();
  e.client.tryShutdown();
  e.time.settle();
  assertEquals(e.ending(), "finished");
  e.stream.close();
  assertEquals(e.time.runtime.statistics().timers, 0);
});

Deno.test("echo: something else may stand in for receiving", () => {
  using time = new VirtualRuntime();
  const reactor = time.run(reactorHere);
  const [source, client] = memoryPair(reactor);
  const chunks = ["a", "b", ""].map((text) => bytes(text));
  const patience = { idleTimeout: 1, writeTimeout: 1 };
  const ending = time.run(() =>
    echo(new TcpStream(source, reactor), patience, new Traffic(), () => ready(chunks.shift()!))
  );
  assertEquals([ending, client.take()], ["finished", "ab"]);
  assertFalse(source.closed);
});
