import { Busy, Closed } from "wakeful/runtime";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { streamAndPeer } from "../support/memory_streams.ts";

Deno.test("Stream: knows both addresses", () => {
  const { stream, source } = streamAndPeer();
  assertEquals([stream.localAddr, stream.peerAddr], [source.localAddr, source.peerAddr]);
});

Deno.test("Stream: one task may wait to receive while another waits to send", () => {
  const { stream, peer, poll } = streamAndPeer({ there: 1 });
  const read = poll(stream.read(new Uint8Array(8)));
  read.assertPending();
  const write = poll(stream.writeAll(bytes("ab")));
  write.assertPending();
  peer.send("hi");
  assertEquals([read.woken, write.woken], [true, false]);
  assertEquals(peer.take(), "a");
  assert(write.woken);
  write.assertReady(undefined);
  read.assertReady(2);
});

Deno.test("split: the halves are the stream's own", () => {
  const { stream, peer, poll } = streamAndPeer();
  const { reader, writer } = stream.split();
  poll(writer.writeAll(bytes("out"))).assertReady(undefined);
  assertEquals(peer.take(), "out");
  peer.send("in");
  assertEquals(textOf(poll(reader.fill()).take()), "in");
  reader.consume(1);
  assertEquals(textOf(poll(stream.fill()).take()), "n");
  stream.consume(1);
  poll(reader.read(new Uint8Array(1))).assertPending();
  assertThrows(() => poll(stream.read(new Uint8Array(1))).poll(), Busy);
  assertStrictEquals(stream.split().reader, reader);
});

Deno.test("close: both halves are woken with Closed and the peer sees the end", () => {
  const { stream, peer, poll } = streamAndPeer({ there: 1 });
  const read = poll(stream.read(new Uint8Array(1)));
  const write = poll(stream.writeAll(bytes("ab")));
  read.assertPending();
  write.assertPending();
  stream.close();
  for (const half of [read, write]) {
    assert(half.woken);
    assertThrows(() => half.poll(), Closed);
  }
  assertEquals([peer.take(), peer.atEnd], ["a", true]);
});

Deno.test("close: gives the token back and no waker is kept", () => {
  const { loop, stream, peer, poll } = streamAndPeer();
  const read = poll(stream.read(new Uint8Array(1)));
  read.assertPending();
  assertEquals([loop.io.size, read.kept], [2, 1]);
  stream.close();
  stream.close();
  peer.close();
  assertEquals([loop.io.size, read.kept], [0, 0]);
});

Deno.test("Stream: a using declaration closes it", () => {
  const { stream, source } = streamAndPeer();
  {
    using _stream = stream;
  }
  assert(source.closed);
});
