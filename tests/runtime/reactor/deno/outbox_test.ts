import { IoError, WouldBlock } from "wakeful/runtime";
import { HostTimers } from "../../../support/host_timers.ts";
import { Outbox } from "../../../../runtime/reactor/deno/outbox.ts";
import { assertEquals, assertThrows } from "../../../support/assert.ts";
import { bytes, firstWrong, joined, numbered, textOf } from "../../../support/bytes.ts";
import { FakeConn } from "../../../support/fake_conn.ts";

const KIB_64 = 64 * 1024;
const BROKEN = new Deno.errors.BrokenPipe("Broken pipe (os error 32)");

function outboxOverFake() {
  const conn = new FakeConn();
  let ready = 0;
  const outbox = new Outbox(conn.asDeno, () => ready++);
  return { conn, outbox, readies: () => ready };
}

Deno.test("Outbox: takes bytes, copied, and would block until the system has them", async () => {
  const { conn, outbox, readies } = outboxOverFake();
  const buffer = bytes("hello");
  assertEquals(outbox.tryWrite(buffer), 5);
  buffer.set(bytes("WRONG"));
  assertEquals(outbox.tryWrite(bytes("more")), WouldBlock);
  assertEquals([textOf(conn.inFlight!), readies()], ["hello", 0]);
  await conn.drain();
  assertEquals(readies(), 1);
  assertEquals(outbox.tryWrite(bytes("more")), 4);
  assertEquals(textOf(conn.inFlight!), "more");
});

Deno.test("Outbox: never takes more than 64 KiB ahead of the peer", () => {
  const { conn, outbox } = outboxOverFake();
  assertEquals(outbox.tryWrite(new Uint8Array(10 * KIB_64)), KIB_64);
  assertEquals(outbox.tryWrite(new Uint8Array(1)), WouldBlock);
  assertEquals(conn.inFlight!.length, KIB_64);
});

Deno.test("Outbox: no bytes are no write", () => {
  const { conn, outbox } = outboxOverFake();
  assertEquals([outbox.tryWrite(new Uint8Array(0)), conn.inFlight], [0, undefined]);
});

Deno.test("Outbox: a write that took a part goes on with the rest before it is ready", async () => {
  const { conn, outbox, readies } = outboxOverFake();
  outbox.tryWrite(bytes("abcdef"));
  await conn.drain(2);
  assertEquals([readies(), textOf(conn.inFlight!)], [0, "cdef"]);
  await conn.drain(1);
  await conn.drain();
  assertEquals([readies(), textOf(joined(...conn.written))], [1, "abcdef"]);
});

Deno.test("Outbox: after a part was written, the next message is whole again", async () => {
  const { conn, outbox } = outboxOverFake();
  outbox.tryWrite(bytes("abcdef"));
  await conn.drain(3);
  await conn.drain();
  for (const text of ["ghi", "jklmno", "p"]) {
    outbox.tryWrite(bytes(text));
    await conn.drain();
  }
  assertEquals(textOf(joined(...conn.written)), "abcdefghijklmnop");
});

Deno.test("Outbox: messages of changing sizes arrive as they were", async () => {
  const { conn, outbox } = outboxOverFake();
  let sent = 0;
  for (const size of [1, 1, 300, 2, 300, 70, 5000, 1, 5000]) {
    outbox.tryWrite(numbered(sent, sent += size));
    await conn.drain();
  }
  assertEquals(firstWrong(joined(...conn.written), 0), -1);
});

Deno.test("Outbox: an error is told to every operation after it", async () => {
  const { conn, outbox, readies } = outboxOverFake();
  outbox.tryWrite(bytes("x"));
  await conn.failWrite(BROKEN);
  assertEquals(readies(), 1);
  for (const use of [() => outbox.tryWrite(bytes("y")), () => outbox.tryFlush()]) {
    const { kind, message } = assertThrows(use, IoError);
    assertEquals([kind, message], ["broken-pipe", "write to 127.0.0.1:2: Broken pipe"]);
  }
  assertThrows(() => outbox.tryShutdown(), IoError);
});

Deno.test("Outbox: flush is done once nothing is on its way", async () => {
  const { conn, outbox } = outboxOverFake();
  assertEquals(outbox.tryFlush(), undefined);
  outbox.tryWrite(bytes("x"));
  assertEquals(outbox.tryFlush(), WouldBlock);
  await conn.drain();
  assertEquals(outbox.tryFlush(), undefined);
});

Deno.test("Outbox: shutdown comes after the bytes, once", async () => {
  const { conn, outbox, readies } = outboxOverFake();
  outbox.tryWrite(bytes("x"));
  assertEquals([outbox.tryShutdown(), conn.closedWrites], [WouldBlock, 0]);
  await conn.drain();
  assertEquals([outbox.tryShutdown(), outbox.tryShutdown()], [WouldBlock, WouldBlock]);
  await conn.finishCloseWrite();
  assertEquals([outbox.tryShutdown(), outbox.tryShutdown()], [undefined, undefined]);
  assertEquals([conn.closedWrites, readies()], [1, 2]);
});

Deno.test("Outbox: a shutdown that fails is an error", async () => {
  const { conn, outbox, readies } = outboxOverFake();
  outbox.tryShutdown();
  await conn.finishCloseWrite(BROKEN);
  assertEquals(readies(), 1);
  assertThrows(() => outbox.tryShutdown(), IoError, "Broken pipe");
});

Deno.test("Outbox: close with nothing on its way closes at once", () => {
  const { conn, outbox } = outboxOverFake();
  outbox.close();
  assertEquals(conn.closes, 1);
});

Deno.test("Outbox: close lets the bytes out first, in as many writes as it takes", async () => {
  using time = new HostTimers();
  const { conn, outbox, readies } = outboxOverFake();
  outbox.tryWrite(bytes("goodbye"));
  outbox.close();
  await conn.drain(4);
  assertEquals([conn.closes, time.pending], [0, 1]);
  await conn.drain();
  assertEquals([conn.closes, textOf(joined(...conn.written))], [1, "goodbye"]);
  assertEquals([readies(), time.pending], [0, 0]);
});

Deno.test("Outbox: close while a write is on its way is over when that fails", async () => {
  const { conn, outbox, readies } = outboxOverFake();
  outbox.tryWrite(bytes("goodbye"));
  outbox.close();
  await conn.failWrite(BROKEN);
  assertEquals([conn.closes, readies()], [1, 0]);
});

Deno.test("Outbox: close while the shutdown is on its way closes once", async () => {
  const { conn, outbox, readies } = outboxOverFake();
  outbox.tryShutdown();
  outbox.close();
  await conn.finishCloseWrite();
  assertEquals([conn.closes, readies()], [1, 0]);
});

Deno.test("Outbox: a closed one lingers for five seconds for a peer that takes nothing", async () => {
  using time = new HostTimers();
  const { conn, outbox, readies } = outboxOverFake();
  outbox.tryWrite(bytes("goodbye"));
  outbox.close();
  await time.advance(4_999);
  assertEquals(conn.closes, 0);
  await time.advance(1);
  assertEquals([conn.closes, readies(), time.pending], [1, 0, 0]);
});

Deno.test("Outbox: a peer that takes a part at the last moment is not written to again", async () => {
  using time = new HostTimers();
  const { conn, outbox } = outboxOverFake();
  outbox.tryWrite(bytes("goodbye"));
  outbox.close();
  const partly = conn.drain(3);
  await time.advance(5_000);
  await partly;
  assertEquals([conn.closes, conn.inFlight, time.pending], [1, undefined, 0]);
});
