import { UdpSocket } from "wakeful/net";
import { Busy, Closed, IoError, Misuse, PolledAfterReady, Runtime } from "wakeful/runtime";
import { assert, assertEquals, assertFalse, assertThrows } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { FakeLoop } from "../support/fake_loop.ts";
import { type HandPoll, handPoll } from "../support/hand_poll.ts";
import { MemoryDatagrams } from "../support/memory_datagrams.ts";
import { datagramConformance } from "./datagram_conformance.ts";

datagramConformance("UDP on deno", () => Runtime.builder().enableAll().build());

const PEER = { host: "127.0.0.1", port: 9 };

/** A socket under test, its source in the test's hands, and a loop to poll on. */
function rig() {
  const loop = new FakeLoop();
  const source = new MemoryDatagrams(loop.io, { transport: "udp", host: "127.0.0.1", port: 7 });
  const socket = new UdpSocket(source, loop.io);
  const poll = <T>(future: HandPoll<T>["future"]) => handPoll(future, loop);
  return { loop, source, socket, poll };
}

Deno.test("UdpSocket.bind: nothing happens before the first poll", () => {
  const loop = new FakeLoop();
  const bind = handPoll(UdpSocket.bind({ port: 7 }), loop);
  assertEquals(loop.driver.asked, []);
  assertEquals(bind.take().localAddr, { transport: "udp", host: "127.0.0.1", port: 7 });
  assertEquals(loop.driver.asked, ["bind udp"]);
});

Deno.test("recvFrom: waits for a datagram, is woken by it, then has it", () => {
  const { source, socket, poll } = rig();
  const into = new Uint8Array(8);
  const receive = poll(socket.recvFrom(into));
  receive.assertPending();
  source.arrive("hello", 5);
  assertEquals(receive.wakes, 1);
  const from = { transport: "udp", host: "127.0.0.1", port: 5 } as const;
  receive.assertReady({ n: 5, from, truncated: false });
  assertEquals(textOf(into.subarray(0, 5)), "hello");
  assertThrows(() => receive.poll(), PolledAfterReady);
});

Deno.test("recvFrom: a second receiver is Busy, and the first goes on", () => {
  const { source, socket, poll } = rig();
  const first = poll(socket.recvFrom(new Uint8Array(8)));
  first.assertPending();
  assertThrows(() => poll(socket.recvFrom(new Uint8Array(8))).poll(), Busy);
  source.arrive("mine");
  assertEquals(socket.tryRecvFrom(new Uint8Array(8)), undefined);
  assertEquals(first.take().n, 4);
});

Deno.test("recvFrom: a dropped one frees the socket and has taken nothing", () => {
  const { source, socket, poll } = rig();
  const dropped = poll(socket.recvFrom(new Uint8Array(8)));
  dropped.assertPending();
  source.arrive("kept");
  dropped.drop();
  assertThrows(() => dropped.poll(), PolledAfterReady);
  assertEquals(socket.tryRecvFrom(new Uint8Array(8))?.n, 4);
  assertEquals(socket.tryRecvFrom(new Uint8Array(8)), undefined);
});

Deno.test("recv: hears the peer only, whatever way its address is written", () => {
  const { source, socket, poll } = rig();
  assertThrows(() => socket.recv(new Uint8Array(8)), Misuse, "connect()");
  socket.connect({ host: "0:0:0:0:0:0:0:1", port: 9 });
  const into = new Uint8Array(8);
  const receive = poll(socket.recv(into));
  receive.assertPending();
  source.arrive("other host", 9);
  source.arrive("other port", 8, "::1");
  assert(receive.woken);
  receive.assertPending();
  source.arrive("peer", 9, "::1");
  receive.assertReady(4);
  assertEquals(textOf(into.subarray(0, 4)), "peer");
});

Deno.test("connect: a name is refused, since who sends is known by address", () => {
  const { socket } = rig();
  assertThrows(() => socket.connect({ host: "localhost", port: 9 }), TypeError, '"localhost"');
  assertThrows(() => socket.send(bytes("x")), Misuse, "connect()");
});

Deno.test("sendTo: waits until the system has the datagram", () => {
  const { source, socket, poll } = rig();
  source.hold();
  const send = poll(socket.sendTo(bytes("hello"), PEER));
  send.assertPending();
  assertEquals(source.sent, [[9, "hello"]]);
  source.handOver();
  assert(send.woken);
  send.assertReady(5);
});

Deno.test("sendTo: what befalls a datagram is told to its sender", () => {
  const { source, socket, poll } = rig();
  source.hold();
  const send = poll(socket.sendTo(bytes("hello"), PEER));
  send.assertPending();
  source.handOver(new IoError("unreachable", "send: no way"));
  assertThrows(() => send.poll(), IoError, "no way");
});

Deno.test("sendTo: senders stand in a queue, and a dropped one leaves its error to nobody", () => {
  const { source, socket, poll } = rig();
  source.hold();
  const sends = ["a", "b", "c"].map((text) => poll(socket.sendTo(bytes(text), PEER)));
  for (const send of sends) send.assertPending();
  assertFalse(socket.trySendTo(bytes("d"), PEER));
  assertEquals(source.sent, [[9, "a"]]);
  sends[0].drop();
  assert(sends[1].woken);
  sends[1].assertPending();
  source.handOver(new IoError("unreachable", "send: no way"));
  assert(sends[1].woken);
  sends[1].assertPending();
  assertEquals(source.sent, [[9, "a"], [9, "b"]]);
  sends[1].drop();
  sends[2].drop();
  source.handOver();
  assert(socket.trySendTo(bytes("d"), PEER));
});

Deno.test("trySendTo: is refused while a datagram is on its way", () => {
  const { source, socket } = rig();
  source.hold();
  assert(socket.trySendTo(bytes("a"), PEER));
  assertFalse(socket.trySendTo(bytes("b"), PEER));
  source.handOver();
  assert(socket.trySendTo(bytes("c"), PEER));
});

Deno.test("close: ends every wait with Closed, and no waker is kept", () => {
  const { loop, source, socket, poll } = rig();
  source.hold();
  const waits = [
    poll<unknown>(socket.recvFrom(new Uint8Array(1))),
    poll<unknown>(socket.sendTo(bytes("a"), PEER)),
    poll<unknown>(socket.sendTo(bytes("b"), PEER)),
  ];
  for (const wait of waits) wait.assertPending();
  socket.close();
  for (const wait of waits) {
    assert(wait.woken);
    assertThrows(() => wait.poll(), Closed, "the UDP socket");
  }
  assertEquals([loop.io.size, ...waits.map(({ kept }) => kept)], [0, 0, 0, 0]);
});

Deno.test("dropped: counts what nobody took in time", () => {
  const { source, socket } = rig();
  while (socket.dropped === 0) source.arrive("x".repeat(10_000));
  source.arrive("x".repeat(10_000));
  assertEquals(socket.dropped, 2);
});

Deno.test("UdpSocket: a using declaration closes it", () => {
  const { socket, source } = rig();
  {
    using _socket = socket;
  }
  assert(source.closed);
});
