import { Pending, TimedOut } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { streamAndPeer } from "../support/memory_streams.ts";

/** A stream whose reads may wait ten milliseconds and whose writes may wait twenty. */
function limited(room: { here?: number; there?: number } = {}) {
  const s = streamAndPeer(room);
  s.loop.inside(() => {
    s.stream.setReadTimeout(10);
    s.stream.setWriteTimeout(20);
  });
  return s;
}

Deno.test("setReadTimeout: a wait for bytes that takes too long is woken and throws TimedOut", () => {
  const { stream, poll, loop } = limited();
  const read = poll(stream.read(new Uint8Array(8)));
  read.assertPending();
  loop.advance(9);
  assertEquals(read.wakes, 0);
  loop.advance(1);
  assert(read.woken);
  const error = assertThrows(() => read.poll(), TimedOut, "10 ms");
  assertEquals(error.what, "a read");
});

Deno.test("setReadTimeout: every wait has the whole limit before it, on one timer", () => {
  const { stream, peer, poll, loop } = limited();
  for (let i = 0; i < 5; i++) {
    const fill = poll(stream.fill());
    fill.assertPending();
    loop.advance(9);
    peer.send("x");
    assertEquals(textOf(fill.take()), "x");
    stream.consume(1);
    assertEquals(loop.timers.size, 1);
  }
});

Deno.test("setReadTimeout: bytes that came in time count, though they are taken late", () => {
  const { stream, peer, poll, loop } = limited();
  const fill = poll(stream.fill());
  fill.assertPending();
  peer.send("late");
  loop.advance(50);
  assertEquals(textOf(fill.take()), "late");
});

Deno.test("setReadTimeout: giving up and asking again does not begin a new wait", () => {
  const { stream, poll, loop } = limited();
  for (let i = 0; i < 2; i++) {
    const fill = poll(stream.fill());
    fill.assertPending();
    loop.advance(5);
    fill.drop();
  }
  assertThrows(() => poll(stream.fill()).poll(), TimedOut);
  poll(stream.fill()).assertPending(); // and after the error a new one begins
});

Deno.test("setReadTimeout: time in which nobody waits does not count", () => {
  const { stream, loop, peer, poll } = limited();
  const fill = poll(stream.fill());
  fill.assertPending();
  peer.send("x");
  fill.take();
  stream.consume(1);
  loop.advance(1_000);
  poll(stream.fill()).assertPending();
});

Deno.test("setReadTimeout: 0 lifts the limit and its timer", () => {
  const { stream, poll, loop } = limited();
  const read = poll(stream.read(new Uint8Array(8)));
  read.assertPending();
  loop.inside(() => stream.setReadTimeout(0));
  assertEquals(loop.timers.size, 0);
  loop.advance(1_000);
  read.assertPending();
});

Deno.test("setWriteTimeout: a peer that takes nothing for too long is an error", () => {
  const { stream, poll, loop } = limited({ there: 4 });
  const sending = poll(stream.writeAll(bytes("hello")));
  sending.assertPending();
  loop.advance(20);
  const error = assertThrows(() => sending.poll(), TimedOut, "20 ms");
  assertEquals(error.what, "a write");
});

Deno.test("setWriteTimeout: a peer that takes a little now and then is not", () => {
  const { stream, peer, poll, loop } = limited({ there: 1 });
  const sending = poll(stream.writeAll(bytes("slow")));
  let seen = "";
  while (sending.poll() === Pending) {
    loop.advance(19);
    seen += peer.take();
  }
  assertEquals(seen + peer.take(), "slow");
});

Deno.test("setWriteTimeout: closing the stream takes the timers with it", () => {
  const { stream, poll, loop } = limited({ there: 1 });
  poll(stream.writeAll(bytes("hello"))).assertPending();
  poll(stream.fill()).assertPending();
  assertEquals(loop.timers.size, 2);
  stream.close();
  assertEquals(loop.timers.size, 0);
});

Deno.test("setReadTimeout: set while a read waits, it holds for that read", () => {
  const { stream, poll, loop } = streamAndPeer();
  const read = poll(stream.read(new Uint8Array(8)));
  read.assertPending();
  loop.inside(() => stream.setReadTimeout(10));
  loop.advance(10);
  assertThrows(() => read.poll(), TimedOut, "10 ms");
});

Deno.test("setReadTimeout: what is no time is refused", () => {
  const { stream, loop } = streamAndPeer();
  for (const wrong of [NaN, -1]) {
    assertThrows(() => loop.inside(() => stream.setReadTimeout(wrong)), RangeError, "from 0 up");
  }
});

Deno.test("setWriteTimeout: bytes that a tryWrite sends end the wait before", () => {
  const { stream, peer, poll, loop } = limited({ there: 1 });
  const given = poll(stream.writeAll(bytes("ab")));
  given.assertPending();
  given.drop();
  loop.advance(15);
  peer.take();
  assertEquals(stream.tryWrite(bytes("c")), 1);
  const next = poll(stream.writeAll(bytes("d")));
  next.assertPending();
  loop.advance(10);
  next.assertPending();
});
