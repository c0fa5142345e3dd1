import { AsyncWrite, duplex, TcpStream, UnixStream } from "wakeful/net";
import { type Context, Pending, type Poll, PolledAfterReady } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { bytes, textOf } from "../../support/bytes.ts";
import { handPoll } from "../../support/hand_poll.ts";

/** Takes as many bytes as the test lets it. */
class Taker extends AsyncWrite {
  taken = "";
  room = 0;
  flushed = false;
  wake = () => {};

  pollWrite(cx: Context, from: Uint8Array): Poll<number> {
    const n = Math.min(from.length, this.room);
    if (n === 0) return this.#wait(cx);
    this.taken += textOf(from.subarray(0, n));
    this.room -= n;
    return n;
  }

  pollFlush(cx: Context): Poll<void> {
    if (!this.flushed) return this.#wait(cx);
  }

  pollShutdown(cx: Context): Poll<void> {
    return this.pollFlush(cx);
  }

  allow(bytes: number): void {
    this.room += bytes;
    this.wake();
  }

  #wait(cx: Context): typeof Pending {
    this.wake = () => cx.waker.wakeByRef();
    return Pending;
  }
}

Deno.test("AsyncWrite: write answers how many were taken", () => {
  const taker = new Taker();
  const write = handPoll(taker.write(bytes("hello")));
  write.assertPending();
  taker.allow(2);
  assert(write.woken);
  write.assertReady(2);
  assertEquals(taker.taken, "he");
  assertThrows(() => write.poll(), PolledAfterReady);
});

Deno.test("AsyncWrite: writeAll goes on until all of it was taken", () => {
  const taker = new Taker();
  const all = handPoll(taker.writeAll(bytes("hello")));
  for (const there of ["", "he", "hell"]) {
    all.assertPending();
    assertEquals(taker.taken, there);
    taker.allow(2);
  }
  all.assertReady(undefined);
  assertEquals([taker.taken, taker.room], ["hello", 1]);
  handPoll(taker.writeAll(new Uint8Array(0))).assertReady(undefined);
});

Deno.test("AsyncWrite: flush and shutdown wait", () => {
  const taker = new Taker();
  const waits = [handPoll(taker.flush()), handPoll(taker.shutdown())];
  for (const wait of waits) wait.assertPending();
  taker.flushed = true;
  for (const wait of waits) wait.assertReady(undefined);
});

/** Whatever is given here has the shape of a writer; the compiler checks it. */
function isWriter(_writer: AsyncWrite): void {}

Deno.test("AsyncWrite: sockets and their halves have its shape", () => {
  const [stream] = duplex();
  isWriter(stream);
  isWriter(stream.split().writer);
  for (const { prototype } of [TcpStream, UnixStream]) isWriter(prototype);
});
