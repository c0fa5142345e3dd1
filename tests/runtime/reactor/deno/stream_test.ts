import { Closed, IoError, READABLE, WouldBlock, WRITABLE } from "wakeful/runtime";
import { DenoStream } from "../../../../runtime/reactor/deno/stream.ts";
import { Submissions } from "../../../../runtime/reactor/deno/submissions.ts";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";
import { FakeConn, FakeRegistrar } from "../../../support/fake_conn.ts";
import { HostTimers } from "../../../support/host_timers.ts";

function streamOverFake() {
  const conn = new FakeConn();
  const registrar = new FakeRegistrar();
  const submissions = new Submissions(() => {});
  const stream = new DenoStream(conn.asDeno, registrar, submissions);
  /** Asks for bytes that are not there and ends the turn: a read is under way. */
  const startRead = () => {
    assertEquals(stream.tryFill(), WouldBlock);
    submissions.submitAll();
    assert(conn.isReading);
  };
  const filled = () => textOf(stream.tryFill() as Uint8Array);
  return { conn, registrar, submissions, stream, startRead, filled };
}

Deno.test("DenoStream: nothing is read before somebody asks", () => {
  const { conn, submissions } = streamOverFake();
  submissions.submitAll();
  assertEquals(conn.readSizes, []);
});

Deno.test("DenoStream: one read is under way at most, and starts at the end of the turn", async () => {
  const { conn, registrar, stream, submissions } = streamOverFake();
  for (let i = 0; i < 3; i++) assertEquals(stream.tryRead(new Uint8Array(4)), WouldBlock);
  assertEquals(conn.readSizes.length, 0);
  submissions.submitAll();
  assertEquals([stream.tryFill(), conn.readSizes.length], [WouldBlock, 1]);
  await conn.deliver(bytes("hello"));
  assertEquals(registrar.take(), [READABLE]);
});

Deno.test("DenoStream: bytes wait in the source until they are taken", async () => {
  const { conn, stream, startRead, filled } = streamOverFake();
  startRead();
  await conn.deliver(bytes("hello"));
  const into = new Uint8Array(2);
  assertEquals([stream.tryRead(into), textOf(into)], [2, "he"]);
  assertEquals([filled(), filled()], ["llo", "llo"]);
  stream.consume(1);
  assertEquals(filled(), "lo");
  assertEquals([stream.tryRead(new Uint8Array(9)), conn.readSizes.length], [2, 1]);
  startRead();
});

Deno.test("DenoStream: messages of one size and of others are told apart", async () => {
  const { conn, stream, startRead, filled } = streamOverFake();
  for (const message of ["one", "two", "three", "four", "five", "six"]) {
    startRead();
    await conn.deliver(bytes(message));
    assertEquals(filled(), message);
    stream.consume(message.length);
  }
});

Deno.test("DenoStream: a message that filled the buffer is not seen again in the larger one", async () => {
  const { conn, stream, startRead, filled } = streamOverFake();
  for (const letter of ["a", "b"]) {
    startRead();
    const size = conn.readSizes[0];
    await conn.deliver(bytes(letter.repeat(size)));
    assertEquals(filled(), letter.repeat(size));
    stream.consume(size);
  }
});

Deno.test("DenoStream: more is never taken than was received", async () => {
  const { conn, stream, startRead } = streamOverFake();
  startRead();
  await conn.deliver(bytes("abc"));
  stream.consume(100);
  startRead();
});

Deno.test("DenoStream: reading into nothing is done at once", () => {
  const { stream } = streamOverFake();
  assertEquals(stream.tryRead(new Uint8Array(0)), 0);
});

Deno.test("DenoStream: the buffer is small at first and grows while reads fill it", async () => {
  const { conn, stream, startRead } = streamOverFake();
  for (let i = 0; i < 8; i++) {
    startRead();
    stream.consume(await conn.deliver(new Uint8Array(100_000)));
  }
  const [first, second] = conn.readSizes;
  assert(first <= 1024 && second > first);
  assertEquals(conn.readSizes, conn.readSizes.toSorted((a, b) => a - b));
  assertEquals(conn.readSizes.slice(-2), [65536, 65536]);
});

Deno.test("DenoStream: a read that does not fill the buffer leaves its size", async () => {
  const { conn, stream, startRead } = streamOverFake();
  for (let i = 0; i < 3; i++) {
    startRead();
    stream.consume(await conn.deliver(new Uint8Array(conn.readSizes[0] - 1)));
  }
  assertEquals(new Set(conn.readSizes).size, 1);
});

Deno.test("DenoStream: the end answers nothing for ever and is not read past", async () => {
  const { conn, registrar, stream, startRead } = streamOverFake();
  startRead();
  await conn.end();
  assertEquals(registrar.take(), [READABLE]);
  assertEquals([stream.tryRead(new Uint8Array(4)), stream.tryRead(new Uint8Array(4))], [0, 0]);
  assertEquals((stream.tryFill() as Uint8Array).length, 0);
});

Deno.test("DenoStream: an error is told, again and again, and names the peer", async () => {
  const { conn, registrar, stream, startRead } = streamOverFake();
  startRead();
  await conn.failRead(new Deno.errors.ConnectionReset("reset (os error 104)"));
  assertEquals(registrar.take(), [READABLE]);
  for (let i = 0; i < 2; i++) {
    const { kind, message } = assertThrows(() => stream.tryFill(), IoError);
    assertEquals([kind, message], ["connection-reset", "read from 127.0.0.1:2: reset"]);
  }
});

Deno.test("DenoStream: a sending half that is ready is told as writable", async () => {
  const { conn, registrar, stream } = streamOverFake();
  stream.tryWrite(bytes("x"));
  assertEquals(stream.tryFlush(), WouldBlock);
  await conn.drain();
  assertEquals([registrar.take(), stream.tryFlush()], [[WRITABLE], undefined]);
});

Deno.test("DenoStream: close gives the token back, once, and every try says Closed", () => {
  const { conn, registrar, stream } = streamOverFake();
  stream.close();
  stream.close();
  assertEquals([registrar.tokens.size, conn.closes], [0, 1]);
  const tries = [
    () => stream.tryRead(new Uint8Array(1)),
    () => stream.tryFill(),
    () => stream.tryWrite(bytes("x")),
    () => stream.tryFlush(),
    () => stream.tryShutdown(),
  ];
  for (const attempt of tries) assertThrows(attempt, Closed, "the stream");
});

Deno.test("DenoStream: close with a read under way is not told of its outcome", async () => {
  const { conn, registrar, stream, startRead } = streamOverFake();
  startRead();
  stream.tryWrite(bytes("goodbye"));
  stream.close();
  assertEquals(conn.closes, 0);
  await conn.deliver(bytes("too late"));
  await conn.drain();
  assertEquals([conn.closes, registrar.take()], [1, []]);
});

Deno.test("DenoStream: closed before the turn ends, it starts no read", () => {
  const { conn, stream, submissions } = streamOverFake();
  stream.tryFill();
  stream.close();
  submissions.submitAll();
  assertEquals(conn.readSizes, []);
});

Deno.test("DenoStream: knows its addresses; a connection without the switch ignores it", () => {
  const { stream } = streamOverFake();
  assertEquals(stream.localAddr, { transport: "tcp", host: "127.0.0.1", port: 1 });
  assertEquals(stream.peerAddr, { transport: "tcp", host: "127.0.0.1", port: 2 });
  stream.setNoDelay(true);
});

Deno.test("DenoStream: closed it lingers for what is on its way, aborted it does not", () => {
  using time = new HostTimers();
  for (const [end, closes] of [["close", 0], ["abort", 1]] as const) {
    const { conn, registrar, stream } = streamOverFake();
    stream.tryWrite(bytes("nobody takes this"));
    stream[end]();
    assertEquals([conn.closes, registrar.tokens.size], [closes, 0], end);
    assertThrows(() => stream.tryFill(), Closed);
  }
  assertEquals(time.pending, 1);
});
