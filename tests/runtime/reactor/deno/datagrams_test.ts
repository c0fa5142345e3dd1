import { Closed, IoError, Misuse, READABLE, WouldBlock, WRITABLE } from "wakeful/runtime";
import { DenoDatagrams } from "../../../../runtime/reactor/deno/datagrams.ts";
import { Submissions } from "../../../../runtime/reactor/deno/submissions.ts";
import { assert, assertEquals, assertFalse, assertThrows } from "../../../support/assert.ts";
import { assertStrictEquals } from "../../../support/assert.ts";
import { bytes, textOf } from "../../../support/bytes.ts";
import { FakeRegistrar, microtasks } from "../../../support/fake_conn.ts";
import { FakeDatagrams } from "../../../support/fake_datagrams.ts";
import { stubbed } from "../../../support/stub.ts";

const HERE = { transport: "udp", host: "127.0.0.1", port: 7 } as const;
const PEER = { transport: "udp", host: "127.0.0.1", port: 9 } as const;

/** A source over a socket whose operations the test completes. */
function rig() {
  const conn = new FakeDatagrams();
  const registrar = new FakeRegistrar();
  const submissions = new Submissions(() => {});
  using _stub = stubbed(Deno, "listenDatagram", () => conn);
  const source = new DenoDatagrams(HERE, registrar, submissions);
  /** Tries to receive and lets the driver start what that asks for. */
  const tryText = () => {
    const into = new Uint8Array(100);
    const received = source.tryRecvFrom(into);
    submissions.submitAll();
    return received === WouldBlock ? WouldBlock : textOf(into.subarray(0, received.n));
  };
  return { conn, registrar, submissions, source, tryText };
}

Deno.test("DenoDatagrams: nothing is received before somebody asks", async () => {
  const { conn, registrar, tryText } = rig();
  assertFalse(conn.isReceiving);
  assertStrictEquals(tryText(), WouldBlock);
  assert(conn.isReceiving);
  await conn.arrive(bytes("hello"));
  assertEquals(registrar.take(), [READABLE]);
  assertEquals(tryText(), "hello");
});

Deno.test("DenoDatagrams: goes on receiving, one at a time, whether or not somebody asks", async () => {
  const { conn, tryText } = rig();
  tryText();
  tryText();
  for (const text of ["a", "bc", ""]) await conn.arrive(bytes(text));
  assert(conn.isReceiving);
  assertEquals([tryText(), tryText(), tryText(), tryText()], ["a", "bc", "", WouldBlock]);
});

Deno.test("DenoDatagrams: those that nobody takes are dropped at some point, and counted", async () => {
  const { conn, source, tryText } = rig();
  tryText();
  for (let i = 0; i < 30; i++) await conn.arrive(new Uint8Array(10_000));
  assertEquals(source.dropped, 11);
});

Deno.test("DenoDatagrams: an error of receiving is told once, and the next try goes on", async () => {
  const { conn, registrar, tryText } = rig();
  tryText();
  await conn.arrive(bytes("before"));
  await conn.failReceive(new Error("Network is unreachable (os error 101)"));
  assertEquals(registrar.take(), [READABLE, READABLE]);
  assertFalse(conn.isReceiving);
  assertEquals(tryText(), "before");
  const error = assertThrows(tryText, IoError, "receive on 127.0.0.1:7: Network is unreachable");
  assertEquals(error.kind, "unreachable");
  assertStrictEquals(tryText(), WouldBlock);
  assert(conn.isReceiving);
});

Deno.test("DenoDatagrams: a datagram is copied, sent, and flushed once the system has it", async () => {
  const { conn, registrar, source } = rig();
  const buffer = bytes("hello");
  assertEquals(source.trySendTo(buffer, PEER), 5);
  buffer.set(bytes("WRONG"));
  const to: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port: 9 };
  assertEquals(conn.sent, [[bytes("hello"), to]]);
  assertStrictEquals(source.trySendTo(buffer, PEER), WouldBlock);
  assertStrictEquals(source.tryFlush(), WouldBlock);
  await conn.finishSend();
  assertEquals([registrar.take(), source.tryFlush()], [[WRITABLE], undefined]);
});

Deno.test("DenoDatagrams: an error of sending is thrown by flush, once", async () => {
  const { conn, source } = rig();
  source.trySendTo(bytes("x"), PEER);
  await conn.finishSend(new Error("Message too long (os error 90)"));
  const error = assertThrows(() => source.tryFlush(), IoError, "send to 127.0.0.1:9: Message");
  assertEquals([error.kind, source.tryFlush()], ["message-too-long", undefined]);
});

Deno.test("DenoDatagrams: an error that nobody asked for goes with the next datagram", async () => {
  const { conn, source } = rig();
  source.trySendTo(bytes("x"), PEER);
  await conn.finishSend(new Error("lost"));
  source.trySendTo(bytes("y"), PEER);
  await conn.finishSend();
  assertEquals(source.tryFlush(), undefined);
});

Deno.test("DenoDatagrams: closing ends all of it, once, and what is late is ignored", async () => {
  const { conn, registrar, submissions, source, tryText } = rig();
  tryText();
  source.trySendTo(bytes("x"), PEER);
  source.close();
  source.close();
  await conn.finishSend();
  submissions.submitAll();
  await microtasks();
  assertEquals([conn.closed, conn.isReceiving, registrar.tokens.size], [true, false, 0]);
  assertEquals(registrar.events, []);
  for (const use of [tryText, () => source.trySendTo(bytes("x"), PEER), () => source.tryFlush()]) {
    assertThrows(use, Closed, "the UDP socket");
  }
});

Deno.test("DenoDatagrams: closed before its receive was started, it starts none", () => {
  const { conn, submissions, source } = rig();
  source.tryRecvFrom(new Uint8Array(1));
  source.close();
  submissions.submitAll();
  assertFalse(conn.isReceiving);
});

Deno.test("DenoDatagrams: where Deno hides UDP the error says what to add", () => {
  const { listenDatagram } = Deno;
  try {
    // deno-lint-ignore no-explicit-any -- as it is without the flag
    delete (Deno as any).listenDatagram;
    const bind = () => new DenoDatagrams(HERE, new FakeRegistrar(), new Submissions(() => {}));
    const { message } = assertThrows(bind, Misuse, "--unstable-net");
    assert(message.includes('"unstable": ["net"]'));
  } finally {
    Deno.listenDatagram = listenDatagram;
  }
});
