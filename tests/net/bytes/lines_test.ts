import { BufReader, duplex, lines } from "wakeful/net";
import { End, InvalidText, pollFn, TooLong } from "wakeful/runtime";
import { assertEquals, assertStrictEquals, assertThrows } from "../../support/assert.ts";
import { bytes, textOf } from "../../support/bytes.ts";
import { handPoll } from "../../support/hand_poll.ts";

Deno.test("lines: answers one after the other, then End", () => {
  const [peer, end] = duplex();
  const input = lines(end);
  const next = handPoll(input.nextLine());
  next.assertPending();
  peer.tryWrite(bytes("one\ntwo"));
  next.assertReady("one");
  peer.close();
  handPoll(pollFn((cx) => input.pollNext(cx))).assertReady("two");
  handPoll(input.nextLine()).assertReady(End);
});

Deno.test("lines: keeps to its options", () => {
  const [peer, end] = duplex();
  const input = lines(end, { maxBytes: 3, fatal: true });
  peer.tryWrite(bytes("long line\n"));
  peer.tryWrite(new Uint8Array([0xff, 0x0a]));
  assertThrows(() => handPoll(input.nextLine()).poll(), TooLong, "3 bytes");
  handPoll(input.skipLine()).assertReady(true);
  assertThrows(() => handPoll(input.nextLine()).poll(), InvalidText);
});

Deno.test("lines: a BufReader is used as it is, and what follows the lines is there", () => {
  const [peer, end] = duplex();
  const reader = new BufReader(end);
  peer.tryWrite(bytes("head\nbody"));
  const input = lines(reader);
  assertStrictEquals(input.reader, reader);
  handPoll(input.nextLine()).assertReady("head");
  assertEquals(textOf(handPoll(reader.fill()).take()), "body");
});
