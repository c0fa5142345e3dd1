import { duplex, type DuplexStream } from "wakeful/net";
import { IoError, Runtime } from "wakeful/runtime";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { handPoll } from "../support/hand_poll.ts";
import { streamConformance } from "./conformance.ts";

const ODD_BYTES = 1021; // divides nothing that the checks send, so that the ring wraps anywhere

for (const capacity of [undefined, ODD_BYTES]) {
  streamConformance(
    `duplex(${capacity ?? ""})`,
    () => Runtime.builder().enableAll().build(),
    () => ({ pair: () => duplex(capacity), [Symbol.dispose]() {} }),
  );
}

/** Everything that has come to `stream` by now. */
function received(stream: DuplexStream): string {
  const into = new Uint8Array(100);
  return textOf(into.subarray(0, handPoll(stream.read(into)).take()));
}

Deno.test("duplex: a runtime without I/O is enough", async () => {
  using runtime = Runtime.builder().build();
  await runtime.blockOn(function* () {
    const [one, other] = duplex();
    yield* one.writeAll(bytes("hello"));
    assertEquals(textOf(yield* other.fill()), "hello");
  });
});

Deno.test("duplex: takes what it has room for, and wakes the sender when there is more", () => {
  const [one, other] = duplex(4);
  handPoll(one.write(bytes("hello"))).assertReady(4);
  const rest = handPoll(one.writeAll(bytes("o")));
  rest.assertPending();
  assertEquals(received(other), "hell");
  assertEquals(rest.wakes, 1);
  rest.assertReady(undefined);
  assertEquals(received(other), "o");
});

Deno.test("duplex: what was lent stays as it is while more arrives", () => {
  const [one, other] = duplex(4);
  one.tryWrite(bytes("abcd"));
  const lent = handPoll(other.fill()).take();
  other.consume(2);
  one.tryWrite(bytes("ef"));
  const rest = handPoll(other.fill()).take();
  assertEquals([textOf(lent.subarray(2)), textOf(rest)], ["cd", "cd"]);
  other.consume(2);
  assertEquals(received(other), "ef");
});

Deno.test("duplex: a sender that waits for room hears that the other end is gone", () => {
  const [one, other] = duplex(1);
  const write = handPoll(one.writeAll(bytes("ab")));
  write.assertPending();
  other.close();
  assert(write.woken);
  assertEquals(assertThrows(() => write.poll(), IoError).kind, "broken-pipe");
});

Deno.test("duplex: abort throws away what was not read, and the peer is told", () => {
  const [one, other] = duplex();
  one.tryWrite(bytes("never seen"));
  const idle = handPoll(other.split().writer.flush());
  one.abort();
  idle.assertReady(undefined);
  const read = handPoll(other.read(new Uint8Array(8)));
  assertEquals(assertThrows(() => read.poll(), IoError).kind, "connection-reset");
});

Deno.test("duplex: an abort wakes a peer that reads; one after close does nothing", () => {
  const [one, other] = duplex();
  const read = handPoll(other.read(new Uint8Array(8)));
  read.assertPending();
  one.abort();
  assert(read.woken);
  assertThrows(() => read.poll(), IoError, "aborted");
  const [third, fourth] = duplex();
  third.close();
  third.abort();
  handPoll(fourth.read(new Uint8Array(8))).assertReady(0);
});

Deno.test("duplex: no waker is kept once both ends are closed", () => {
  const [one, other] = duplex();
  const reads = [one, other].map((end) => handPoll(end.read(new Uint8Array(1))));
  for (const read of reads) read.assertPending();
  one.close();
  other.close();
  assertEquals(reads.map(({ kept }) => kept), [0, 0]);
});

Deno.test("duplex: the ends have no name, and their halves are their own", () => {
  const [one, other] = duplex();
  assertEquals([one.localAddr, one.peerAddr], [other.peerAddr, other.localAddr]);
  assertEquals(one.localAddr, { transport: "unix", path: "" });
  assertStrictEquals(one.split().reader, one.split().reader);
});

Deno.test("duplex: a capacity that is none is a RangeError", () => {
  for (const capacity of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => duplex(capacity), RangeError, "capacity");
  }
});
