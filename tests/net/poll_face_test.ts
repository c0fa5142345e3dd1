/** The level of polls beneath `read()` and `write()`: try, keep the waker, Pending. */

import { Busy, Closed, Pending, pollFn, TimedOut } from "wakeful/runtime";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { streamAndPeer } from "../support/memory_streams.ts";

Deno.test("pollRead: is Pending until bytes come, wakes, then has them", () => {
  const { stream, peer, poll } = streamAndPeer();
  const into = new Uint8Array(8);
  const read = poll(pollFn((cx) => stream.pollRead(cx, into)));
  read.assertPending();
  peer.send("hello");
  assert(read.woken);
  read.assertReady(5);
  assertEquals(textOf(into.subarray(0, 5)), "hello");
});

Deno.test("pollFill: lends what consume then takes", () => {
  const { stream, peer, poll } = streamAndPeer();
  const fill = poll(pollFn((cx) => stream.pollFill(cx)));
  fill.assertPending();
  peer.send("hello");
  assertEquals(textOf(fill.take()), "hello");
  stream.consume(4);
  assertEquals(textOf(poll(stream.fill()).take()), "o");
});

Deno.test("pollWrite: is Pending without room, wakes, then has written", () => {
  const { stream, peer, poll } = streamAndPeer({ there: 4 });
  const write = (text: string) => poll(pollFn((cx) => stream.pollWrite(cx, bytes(text))));
  write("full!").assertReady(4);
  const more = write("more");
  more.assertPending();
  assertEquals(peer.take(), "full");
  assert(more.woken);
  more.assertReady(4);
});

Deno.test("pollFlush and pollShutdown: wait until all was handed over", () => {
  const { source, stream, peer, poll } = streamAndPeer();
  source.hold(true);
  const flush = poll(pollFn((cx) => stream.pollFlush(cx)));
  flush.assertPending();
  source.hold(false);
  assert(flush.woken);
  flush.assertReady(undefined);
  poll(pollFn((cx) => stream.pollShutdown(cx))).assertReady(undefined);
  assert(peer.atEnd);
});

Deno.test("pollRead and pollWrite: nothing has to be given up, the next poll is by anybody", () => {
  const { stream, peer, poll } = streamAndPeer();
  const [one, other] = [0, 1].map(() =>
    poll(pollFn((cx) => stream.pollRead(cx, new Uint8Array(8))))
  );
  one.assertPending();
  other.assertPending();
  peer.send("hi");
  assertEquals([one.woken, other.woken], [false, true]);
  other.assertReady(2);
});

Deno.test("the level of polls: does not overtake an operation that waits", () => {
  const { stream, poll } = streamAndPeer({ there: 1 });
  stream.tryWrite(bytes("x"));
  const waiting = [poll<unknown>(stream.fill()), poll<unknown>(stream.writeAll(bytes("y")))];
  for (const wait of waiting) assertStrictEquals(wait.poll(), Pending);
  const { context: cx } = waiting[0];
  const polls = [
    () => stream.pollRead(cx, new Uint8Array(1)),
    () => stream.pollFill(cx),
    () => stream.pollWrite(cx, bytes("z")),
    () => stream.pollFlush(cx),
    () => stream.pollShutdown(cx),
  ];
  for (const again of polls) assertThrows(again, Busy);
});

Deno.test("the level of polls: keeps to the limit of the half", () => {
  const { loop, stream, poll } = streamAndPeer();
  loop.inside(() => stream.setReadTimeout(100));
  const read = poll(pollFn((cx) => stream.pollRead(cx, new Uint8Array(1))));
  read.assertPending();
  loop.advance(100);
  assert(read.woken);
  assertThrows(() => read.poll(), TimedOut);
});

Deno.test("the level of polls: a closed stream says so", () => {
  const { stream, poll } = streamAndPeer();
  const read = poll(pollFn((cx) => stream.pollRead(cx, new Uint8Array(1))));
  read.assertPending();
  stream.close();
  assert(read.woken);
  assertThrows(() => read.poll(), Closed);
});
