import { TcpStream } from "wakeful/net";
import { Coroutine, intoFuture } from "wakeful/runtime";
import { StatusBoard, statusLine } from "../../../commands/echo-server/status.ts";
import { assert, assertEquals, assertFalse } from "../../support/assert.ts";
import { textOf } from "../../support/bytes.ts";
import { memoryPair } from "../../support/memory_net.ts";
import { VirtualRuntime } from "../../support/virtual_runtime.ts";
import { reactorHere } from "./served.ts";

/** A board that counts seven, telling every ten milliseconds, and one client that is listened to. */
function board(room: { there?: number } = {}) {
  const time = new VirtualRuntime();
  const reactor = time.run(reactorHere);
  const board = new StatusBoard(() => 7);
  const [source, client] = memoryPair(reactor, room);
  time.spawn(() => board.run(10));
  const filling = time.spawn(() => board.fill(new TcpStream(source, reactor)));
  time.settle();
  return { time, client, source, filling, [Symbol.dispose]: () => time[Symbol.dispose]() };
}

Deno.test("statusLine: is the line of the specification", () => {
  assertEquals(statusLine(2), "Server status: 2 active connections\n");
});

Deno.test("StatusBoard: a client that says nothing is told at every interval", () => {
  using b = board();
  b.time.advance(9);
  assertEquals(b.client.take(), "");
  b.time.advance(1);
  assertEquals(b.client.take(), statusLine(7));
  b.time.advance(20);
  assertEquals(b.client.take(), statusLine(7) + statusLine(7));
  assertFalse(b.filling.isFinished());
});

Deno.test("StatusBoard: bytes that come are lent as by a plain fill", () => {
  using b = board();
  b.time.advance(15);
  b.client.send("hello");
  b.time.settle();
  assertEquals(textOf(b.time.outcome(b.filling)), "hello");
});

Deno.test("StatusBoard: the end of the stream is lent as nothing", () => {
  using b = board();
  b.client.tryShutdown();
  b.time.settle();
  assertEquals(b.time.outcome(b.filling).length, 0);
});

Deno.test("StatusBoard: the line is whole, however slowly it is taken", () => {
  using b = board({ there: 4 });
  b.time.advance(10);
  let seen = "";
  for (let piece = b.client.take(); piece !== ""; piece = b.client.take()) {
    seen += piece;
    b.time.settle();
  }
  assertEquals(seen, statusLine(7));
});

Deno.test("StatusBoard: dropped while it waits, it loses no byte", () => {
  using b = board();
  b.filling.abort();
  b.client.send("hello");
  const fill = intoFuture(
    new StatusBoard(() => 7).fill(new TcpStream(b.source, b.source.registrar as never)),
  );
  assert(fill instanceof Coroutine);
  assertEquals(textOf(b.time.run(fill)), "hello");
});
