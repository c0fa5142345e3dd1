import { AsyncRead, duplex, TcpStream, UnixStream } from "wakeful/net";
import { type Context, Pending, type Poll, PolledAfterReady } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { bytes, textOf } from "../../support/bytes.ts";
import { handPoll } from "../../support/hand_poll.ts";

/** Lends what the test gave it. */
class Lender extends AsyncRead {
  there = new Uint8Array(0);
  ended = false;
  consumed: number[] = [];

  pollFill(cx: Context): Poll<Uint8Array> {
    if (this.there.length > 0 || this.ended) return this.there;
    this.wake = () => cx.waker.wakeByRef();
    return Pending;
  }

  consume(n: number): void {
    this.consumed.push(n);
    this.there = this.there.subarray(n);
  }

  wake = () => {};

  give(text: string): void {
    this.there = bytes(text);
    this.wake();
  }
}

Deno.test("AsyncRead: read follows from pollFill and consume", () => {
  const lender = new Lender();
  const into = new Uint8Array(3);
  const read = handPoll(lender.read(into));
  read.assertPending();
  lender.give("hello");
  assert(read.woken);
  read.assertReady(3);
  assertEquals([textOf(into), textOf(lender.there)], ["hel", "lo"]);
  handPoll(lender.read(into)).assertReady(2);
  assertThrows(() => read.poll(), PolledAfterReady);
});

Deno.test("AsyncRead: fill lends and takes nothing, a dropped read neither", () => {
  const lender = new Lender();
  const dropped = handPoll(lender.read(new Uint8Array(8)));
  dropped.assertPending();
  lender.give("abc");
  dropped.drop();
  for (let i = 0; i < 2; i++) assertEquals(textOf(handPoll(lender.fill()).take()), "abc");
  assertEquals(lender.consumed, []);
});

Deno.test("AsyncRead: at the end read answers 0, into no room too, and nothing is consumed", () => {
  const lender = new Lender();
  handPoll(lender.read(new Uint8Array(0))).assertReady(0);
  lender.ended = true;
  handPoll(lender.read(new Uint8Array(8))).assertReady(0);
  assertEquals(handPoll(lender.fill()).take().length, 0);
  assertEquals(lender.consumed, []);
});

/** Whatever is given here has the shape of a reader; the compiler checks it. */
function isReader(_reader: AsyncRead): void {}

Deno.test("AsyncRead: sockets and their halves have its shape", () => {
  const [stream] = duplex();
  isReader(stream);
  isReader(stream.split().reader);
  for (const { prototype } of [TcpStream, UnixStream]) isReader(prototype);
});
