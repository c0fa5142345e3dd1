import { Busy, Closed, IoError, PolledAfterReady, UnexpectedEof } from "wakeful/runtime";
import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "../support/assert.ts";
import { assert, assertThrows } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { streamAndPeer } from "../support/memory_streams.ts";

Deno.test("read: waits for bytes, is woken by them, then has them", () => {
  const { stream, peer, poll } = streamAndPeer();
  const into = new Uint8Array(8);
  const read = poll(stream.read(into));
  read.assertPending();
  peer.send("hello");
  assertEquals(read.wakes, 1);
  read.assertReady(5);
  assertEquals(textOf(into.subarray(0, 5)), "hello");
});

Deno.test("read: what does not fit is there for the next one", () => {
  const { stream, peer, poll } = streamAndPeer();
  const into = new Uint8Array(3);
  peer.send("hello");
  poll(stream.read(into)).assertReady(3);
  poll(stream.read(into)).assertReady(2);
  assertEquals(textOf(into), "lol");
});

Deno.test("read: answers 0 once the peer has finished, again and again", () => {
  const { stream, peer, poll } = streamAndPeer();
  const read = poll(stream.read(new Uint8Array(1)));
  read.assertPending();
  peer.tryShutdown();
  assert(read.woken);
  read.assertReady(0);
  poll(stream.read(new Uint8Array(1))).assertReady(0);
});

Deno.test("read and fill: one future of each is kept and used again", () => {
  const { stream, peer, poll } = streamAndPeer();
  peer.send("ab");
  for (const begin of [() => stream.read(new Uint8Array(1)), () => stream.fill()]) {
    const first = begin();
    poll<unknown>(first).take();
    assertStrictEquals(begin(), first);
    assertNotStrictEquals(begin(), first);
    first.drop();
  }
});

Deno.test("read and fill: polled after their value, they say so", () => {
  const { stream, peer, poll } = streamAndPeer();
  peer.send("ab");
  for (const future of [stream.read(new Uint8Array(1)), stream.fill()]) {
    const polled = poll<unknown>(future);
    polled.take();
    assertThrows(() => polled.poll(), PolledAfterReady, "a read");
  }
});

Deno.test("read and fill: a second reader is Busy, and the first goes on", () => {
  const { stream, peer, poll } = streamAndPeer();
  const first = poll(stream.read(new Uint8Array(8)));
  first.assertPending();
  const others = [stream.read(new Uint8Array(8)), stream.fill()];
  for (const other of others) assertThrows(() => poll<unknown>(other).poll(), Busy, "a read");
  peer.send("mine");
  first.assertReady(4);
});

Deno.test("read: a kept future that was Busy is idle again", () => {
  const { stream, peer, poll } = streamAndPeer();
  const waiting = poll(stream.fill());
  waiting.assertPending();
  const busy = stream.read(new Uint8Array(1));
  assertThrows(() => poll(busy).poll(), Busy);
  peer.send("x");
  waiting.take();
  assertStrictEquals(stream.read(new Uint8Array(1)), busy);
});

Deno.test("read and fill: dropped, they have taken nothing and free the half", () => {
  const { stream, peer, poll } = streamAndPeer();
  for (const begin of [() => stream.read(new Uint8Array(8)), () => stream.fill()]) {
    const dropped = poll<unknown>(begin());
    dropped.assertPending();
    dropped.drop();
    const next = poll(stream.read(new Uint8Array(8)));
    next.assertPending();
    peer.send("all");
    next.assertReady(3);
  }
});

Deno.test("read: a dropped one cannot be polled on", () => {
  const { stream, poll } = streamAndPeer();
  const read = poll(stream.read(new Uint8Array(1)));
  read.drop();
  assertThrows(() => read.poll(), PolledAfterReady);
});

Deno.test("read: dropping one that does not wait leaves the one that does alone", () => {
  const { stream, poll } = streamAndPeer();
  const waiting = poll(stream.read(new Uint8Array(1)));
  waiting.assertPending();
  stream.fill().drop();
  assertThrows(() => poll(stream.fill()).poll(), Busy);
});

Deno.test("fill: lends the same bytes until they are consumed", () => {
  const { stream, peer, poll } = streamAndPeer();
  peer.send("hello");
  assertEquals(textOf(poll(stream.fill()).take()), "hello");
  stream.consume(2);
  assertEquals(textOf(poll(stream.fill()).take()), "llo");
  stream.consume(3);
  poll(stream.fill()).assertPending();
});

Deno.test("fill: lends nothing once the peer has finished", () => {
  const { stream, peer, poll } = streamAndPeer();
  peer.tryShutdown();
  assertEquals(poll(stream.fill()).take().length, 0);
});

Deno.test("readExact: waits until the whole is there, piece by piece", () => {
  const { stream, peer, run } = streamAndPeer();
  const into = new Uint8Array(5);
  const exact = run(stream.readExact(into));
  exact.assertPending();
  peer.send("he");
  exact.assertPending();
  peer.send("llo and more");
  exact.assertReady(undefined);
  assertEquals(textOf(into), "hello");
  assertEquals(textOf(stream.fill().poll(exact.context) as Uint8Array), " and more");
});

Deno.test("readExact: an early end says how many bytes were wanted and how many came", () => {
  const { stream, peer, run } = streamAndPeer();
  peer.send("he");
  peer.tryShutdown();
  const error = assertThrows(() => run(stream.readExact(new Uint8Array(5))).poll(), UnexpectedEof);
  assertEquals([error.wanted, error.got], [5, 2]);
});

Deno.test("readExact: no bytes are there at once", () => {
  const { stream, run } = streamAndPeer();
  run(stream.readExact(new Uint8Array(0))).assertReady(undefined);
});

Deno.test("read: a broken connection wakes it and is thrown", () => {
  const { source, stream, poll } = streamAndPeer();
  const read = poll(stream.read(new Uint8Array(1)));
  read.assertPending();
  source.fail();
  assert(read.woken);
  assertEquals(assertThrows(() => read.poll(), IoError).kind, "connection-reset");
});

Deno.test("read and fill: closing the stream wakes them with Closed", () => {
  for (const which of ["read", "fill"] as const) {
    const { stream, poll } = streamAndPeer();
    const waiting = poll<unknown>(stream[which](bytes("x")));
    waiting.assertPending();
    stream.close();
    assert(waiting.woken);
    assertThrows(() => waiting.poll(), Closed, "the stream");
    assertThrows(() => poll<unknown>(stream[which](bytes("x"))).poll(), Closed);
  }
});
