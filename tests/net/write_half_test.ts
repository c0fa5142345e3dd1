import { Busy, Closed, IoError, PolledAfterReady } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { assertNotStrictEquals, assertStrictEquals } from "../support/assert.ts";
import { bytes } from "../support/bytes.ts";
import { streamAndPeer } from "../support/memory_streams.ts";

/** A stream whose peer has no room left until it takes something. */
function stalled() {
  const parts = streamAndPeer({ there: 4 });
  assertEquals(parts.stream.tryWrite(bytes("full")), 4);
  return parts;
}

Deno.test("write: answers how many bytes were taken", () => {
  const { stream, peer, poll } = streamAndPeer({ there: 4 });
  poll(stream.write(bytes("hello"))).assertReady(4);
  assertEquals(peer.take(), "hell");
});

Deno.test("write: waits for room, is woken by it, then sends", () => {
  const { stream, peer, poll } = stalled();
  const write = poll(stream.write(bytes("more")));
  write.assertPending();
  assertEquals(peer.take(), "full");
  assert(write.woken);
  write.assertReady(4);
  assertEquals(peer.take(), "more");
});

Deno.test("write: a dropped one has sent nothing and frees the half", () => {
  const { stream, peer, poll } = stalled();
  const dropped = poll(stream.write(bytes("no")));
  dropped.assertPending();
  dropped.drop();
  peer.take();
  poll(stream.write(bytes("yes"))).assertReady(3);
  assertEquals(peer.take(), "yes");
});

Deno.test("write and writeAll: polled after their value, they say so", () => {
  const { stream, poll } = streamAndPeer();
  for (const future of [stream.write(bytes("a")), stream.writeAll(bytes("b"))]) {
    const polled = poll<unknown>(future);
    polled.take();
    assertThrows(() => polled.poll(), PolledAfterReady, "a write");
  }
});

Deno.test("flush and shutdown: polled after their value, they say so", () => {
  const { stream, poll } = streamAndPeer();
  for (const future of [stream.flush(), stream.shutdown()]) {
    const polled = poll(future);
    polled.assertReady(undefined);
    assertThrows(() => polled.poll(), PolledAfterReady);
  }
});

Deno.test("tryWrite: takes what there is room for, without waiting", () => {
  const { stream, peer } = streamAndPeer({ there: 4 });
  assertEquals(stream.tryWrite(bytes("hello")), 4);
  assertEquals(stream.tryWrite(bytes("o")), 0);
  assertEquals(peer.take(), "hell");
  assertEquals(stream.tryWrite(bytes("o")), 1);
});

Deno.test("tryWrite: takes nothing while another task waits to send, so as not to overtake", () => {
  const { stream, peer, poll } = stalled();
  const first = poll(stream.writeAll(bytes("1st")));
  first.assertPending();
  peer.take();
  assertEquals(stream.tryWrite(bytes("2nd")), 0);
  first.assertReady(undefined);
  assertEquals(stream.tryWrite(bytes("2")), 1);
  assertEquals(peer.take(), "1st2");
});

Deno.test("writeAll: sends in pieces as the peer takes them", () => {
  const { stream, peer, poll } = streamAndPeer({ there: 4 });
  const all = poll(stream.writeAll(bytes("abcdefghij")));
  for (const piece of ["abcd", "efgh"]) {
    all.assertPending();
    assertEquals(peer.take(), piece);
    assert(all.woken);
  }
  all.assertReady(undefined);
  assertEquals(peer.take(), "ij");
});

Deno.test("writeAll: nothing to send is sent at once", () => {
  const { stream, poll } = stalled();
  poll(stream.writeAll(new Uint8Array(0))).assertReady(undefined);
});

Deno.test("writeAll: one future is kept and used again", () => {
  const { stream, poll } = streamAndPeer();
  const first = stream.writeAll(bytes("a"));
  poll(first).assertReady(undefined);
  assertStrictEquals(stream.writeAll(bytes("b")), first);
  assertNotStrictEquals(stream.writeAll(bytes("c")), first);
});

Deno.test("writeAll: after one that was Busy, a future is kept again", () => {
  const { stream, peer, poll } = stalled();
  const waiting = poll(stream.write(bytes("a")));
  waiting.assertPending();
  assertThrows(() => poll(stream.writeAll(bytes("b"))).poll(), Busy);
  peer.take();
  waiting.assertReady(1);
  const first = stream.writeAll(bytes("c"));
  poll(first).assertReady(undefined);
  assertStrictEquals(stream.writeAll(bytes("d")), first);
});

Deno.test("writeAll: dropped, it sends no more and frees the half", () => {
  const { stream, peer, poll } = streamAndPeer({ there: 4 });
  const dropped = poll(stream.writeAll(bytes("abcdef")));
  dropped.assertPending();
  dropped.drop();
  assertEquals(peer.take(), "abcd");
  poll(stream.write(bytes("xy"))).assertReady(2);
  assertEquals(peer.take(), "xy");
  assertThrows(() => dropped.poll(), PolledAfterReady);
});

Deno.test("sending: a second task is Busy, whatever it wants to send, and the first goes on", () => {
  const { stream, peer, poll } = stalled();
  const first = poll(stream.write(bytes("a")));
  first.assertPending();
  const text = bytes("b");
  const others = [stream.write(text), stream.writeAll(text), stream.flush(), stream.shutdown()];
  for (const other of others) assertThrows(() => poll<unknown>(other).poll(), Busy);
  peer.take();
  first.assertReady(1);
});

Deno.test("flush: waits until what was taken has been handed over", () => {
  const { source, stream, poll } = streamAndPeer();
  source.hold(true);
  const flush = poll(stream.flush());
  flush.assertPending();
  source.hold(false);
  assert(flush.woken);
  flush.assertReady(undefined);
});

Deno.test("shutdown: flushes first, then the peer sees the end", () => {
  const { source, stream, peer, poll } = streamAndPeer();
  source.hold(true);
  const shutdown = poll(stream.shutdown());
  shutdown.assertPending();
  assert(!peer.atEnd);
  source.hold(false);
  assert(shutdown.woken);
  shutdown.assertReady(undefined);
  assert(peer.atEnd);
});

Deno.test("shutdown: receiving goes on", () => {
  const { stream, peer, poll } = streamAndPeer();
  poll(stream.shutdown()).assertReady(undefined);
  peer.send("still here");
  poll(stream.read(new Uint8Array(16))).assertReady(10);
});

Deno.test("flush and shutdown: dropped, they free the half", () => {
  for (const which of ["flush", "shutdown"] as const) {
    const { source, stream, poll } = streamAndPeer();
    source.hold(true);
    const dropped = poll(stream[which]());
    dropped.assertPending();
    dropped.drop();
    poll(stream.write(bytes("x"))).assertReady(1);
  }
});

Deno.test("sending: a broken connection wakes the one that waits and is thrown to all", () => {
  const { source, stream, poll } = stalled();
  const waiting = poll(stream.writeAll(bytes("x")));
  waiting.assertPending();
  source.fail(new IoError("broken-pipe", "write: gone"));
  assert(waiting.woken);
  assertThrows(() => waiting.poll(), IoError, "gone");
  assertThrows(() => poll(stream.flush()).poll(), IoError, "gone");
  assertThrows(() => stream.tryWrite(bytes("y")), IoError, "gone");
});

Deno.test("sending: closing the stream wakes the one that waits with Closed", () => {
  for (const which of ["write", "writeAll"] as const) {
    const { stream, poll } = stalled();
    const waiting = poll<unknown>(stream[which](bytes("x")));
    waiting.assertPending();
    stream.close();
    assert(waiting.woken);
    assertThrows(() => waiting.poll(), Closed, "the stream");
  }
});
