import { Busy, Closed, PolledAfterReady, READABLE, WRITABLE } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { bytes } from "../support/bytes.ts";
import { streamAndPeer } from "../support/memory_streams.ts";

Deno.test("ready: waits for the directions that were named, and for no other", () => {
  const { stream, peer, poll } = streamAndPeer({ there: 1 });
  assertEquals(stream.tryWrite(bytes("a")), 1);
  const readable = poll(stream.ready(READABLE));
  const writable = poll(stream.ready(WRITABLE));
  readable.assertPending();
  writable.assertPending();
  peer.take();
  assertEquals([readable.woken, writable.woken], [false, true]);
  assert(writable.take().writable);
  peer.send("b");
  assert(readable.take().readable);
});

Deno.test("ready: for both directions it is woken by either", () => {
  for (const event of ["bytes", "room"]) {
    const { stream, peer, poll } = streamAndPeer({ there: 1 });
    stream.tryWrite(bytes("a"));
    const either = poll(stream.ready(READABLE, WRITABLE));
    either.assertPending();
    if (event === "bytes") peer.send("b");
    else peer.take();
    const { readable, writable } = either.take();
    assertEquals([readable, writable], [event === "bytes", event === "room"]);
  }
});

Deno.test("ready: a spurious wake is harmless: it looks, and waits on", () => {
  const { loop, stream, source, peer, poll } = streamAndPeer();
  const ready = poll(stream.ready(READABLE));
  ready.assertPending();
  for (let i = 0; i < 3; i++) {
    loop.io.wake(source.token, READABLE);
    assert(ready.woken);
    ready.assertPending();
  }
  assertEquals(loop.io.size, 2);
  peer.send("x");
  assert(ready.take().readable);
});

Deno.test("ready: one task may wait in a direction; another is told Busy, a try finds nothing", () => {
  const { stream, poll } = streamAndPeer();
  const ready = poll(stream.ready(READABLE));
  ready.assertPending();
  assertThrows(() => poll(stream.ready(READABLE, WRITABLE)).poll(), Busy);
  assertThrows(() => poll(stream.read(new Uint8Array(1))).poll(), Busy);
  ready.drop();
  poll(stream.read(new Uint8Array(1))).assertPending();
});

Deno.test("ready: a broken connection is worth a try in both directions", () => {
  const { stream, source, poll } = streamAndPeer();
  source.fail();
  const all = { readable: true, writable: true, readClosed: true, writeClosed: true };
  poll(stream.ready(READABLE)).assertReady(all);
  poll(stream.ready(WRITABLE)).assertReady(all);
});

Deno.test("ready: a limit for reading does not end it", () => {
  const { loop, stream, poll } = streamAndPeer();
  loop.inside(() => stream.setReadTimeout(10));
  const ready = poll(stream.ready(READABLE));
  ready.assertPending();
  loop.inside(() => stream.setReadTimeout(5));
  loop.advance(100);
  ready.assertPending();
});

Deno.test("ready: names at least one direction, answers once, and not after close", () => {
  const { stream, poll } = streamAndPeer();
  assertThrows(() => stream.ready(), TypeError);
  const ready = poll(stream.ready(WRITABLE));
  assert(ready.take().writable);
  assertThrows(() => ready.poll(), PolledAfterReady);
  stream.close();
  assertThrows(() => poll(stream.ready(READABLE)).poll(), Closed);
});
