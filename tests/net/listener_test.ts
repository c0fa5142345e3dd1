import { Busy, Closed, IoError, PolledAfterReady } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { FakeLoop } from "../support/fake_loop.ts";
import { handPoll } from "../support/hand_poll.ts";
import { memoryListener } from "../support/memory_streams.ts";

function listening() {
  const loop = new FakeLoop();
  const accept = () => handPoll(listener.accept(), loop);
  const { source, listener } = memoryListener(loop.io);
  return { loop, source, listener, accept };
}

Deno.test("accept: waits for a client, is woken by it, then has its stream", () => {
  const { source, accept } = listening();
  const waiting = accept();
  waiting.assertPending();
  const client = source.connect();
  assert(waiting.woken);
  assertEquals(waiting.take().peerAddr, client.localAddr);
});

Deno.test("accept: clients come in the order of connecting", () => {
  const { source, accept } = listening();
  const clients = [source.connect(), source.connect(), source.connect()];
  for (const { localAddr } of clients) assertEquals(accept().take().peerAddr, localAddr);
  accept().assertPending();
});

Deno.test("accept: a second task is Busy, and the first goes on", () => {
  const { source, accept } = listening();
  const first = accept();
  first.assertPending();
  assertThrows(() => accept().poll(), Busy, "an accept");
  source.connect();
  first.take();
});

Deno.test("accept: polled after its client, it says so and takes no other", () => {
  const { source, accept } = listening();
  source.connect();
  source.connect();
  const done = accept();
  done.take();
  assertThrows(() => done.poll(), PolledAfterReady, "an accept");
  assertEquals(source.backlog, 1);
});

Deno.test("accept: a dropped one loses no client and lets the next one wait", () => {
  const { source, accept } = listening();
  const dropped = accept();
  dropped.assertPending();
  dropped.drop();
  const next = accept();
  next.assertPending();
  const client = source.connect();
  assert(next.woken);
  assertEquals(next.take().peerAddr, client.localAddr);
});

Deno.test("accept: dropping one that does not wait leaves the one that does alone", () => {
  const { accept } = listening();
  accept().assertPending();
  accept().drop();
  assertThrows(() => accept().poll(), Busy);
});

Deno.test("accept: an error of the system is thrown, and the listener goes on", () => {
  const { source, accept } = listening();
  const waiting = accept();
  waiting.assertPending();
  source.fail(new IoError("too-many-open-files", "accept: too many open files"));
  source.connect();
  assertThrows(() => waiting.poll(), IoError, "too many open files");
  accept().take();
});

Deno.test("close: wakes the accept with Closed, and later ones find the same", () => {
  const { listener, accept } = listening();
  const waiting = accept();
  waiting.assertPending();
  listener.close();
  assert(waiting.woken);
  assertThrows(() => waiting.poll(), Closed, "the listener");
  assertThrows(() => accept().poll(), Closed, "the listener");
});

Deno.test("close: accepted streams live on", () => {
  const { loop, source, listener, accept } = listening();
  const client = source.connect();
  const stream = accept().take();
  listener.close();
  client.send("hello");
  handPoll(stream.read(new Uint8Array(8)), loop).assertReady(5);
});

Deno.test("Listener: a using declaration closes it and gives its token back", () => {
  const { loop, listener, source } = listening();
  {
    using _listener = listener;
    assertEquals(loop.io.size, 1);
  }
  assertEquals([source.closed, loop.io.size], [true, 0]);
});
