import { BufReader, duplex } from "wakeful/net";
import { End, InvalidText, TooLong, UnexpectedEof } from "wakeful/runtime";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { bytes, joined, textOf } from "../../support/bytes.ts";
import { type HandPoll, handPoll } from "../../support/hand_poll.ts";

const COMMA = 0x2c;
const LATIN_1_E_ACUTE = new Uint8Array([0xe9]);

/** A reader, and the far end to send from. */
function rig(...sent: (string | Uint8Array)[]) {
  const [peer, end] = duplex(64 * 1024);
  const reader = new BufReader(end);
  const send = (what: string | Uint8Array) => {
    peer.tryWrite(typeof what === "string" ? bytes(what) : what);
  };
  sent.forEach(send);
  return { peer, end, reader, send };
}

/** The text of bytes that are ready. */
function taken(future: HandPoll<Uint8Array | typeof End>["future"]): string | typeof End {
  const bytes = handPoll(future).take();
  return bytes === End ? End : textOf(bytes);
}

Deno.test("readExact: waits for the whole, in whatever pieces it comes", () => {
  const { reader, send } = rig();
  const exact = handPoll(reader.readExact(5));
  for (const piece of ["he", "l", "lo and more"]) {
    exact.assertPending();
    send(piece);
    assert(exact.woken);
  }
  exact.assertReady(bytes("hello"));
  assertEquals(reader.buffered, 9);
});

Deno.test("readExact: a dropped one loses no byte", () => {
  const { reader, send } = rig("he");
  const dropped = handPoll(reader.readExact(5));
  dropped.assertPending();
  send("ll");
  dropped.assertPending();
  dropped.drop();
  send("o");
  assertEquals(taken(reader.readExact(5)), "hello");
});

Deno.test("readExact: an early end says how many came, and they can still be read", () => {
  const { reader, peer } = rig("he");
  peer.close();
  const error = assertThrows(() => handPoll(reader.readExact(5)).poll(), UnexpectedEof);
  assertEquals([error.wanted, error.got], [5, 2]);
  assertEquals(taken(reader.readExact(2)), "he");
  handPoll(reader.readExact(0)).assertReady(new Uint8Array(0));
});

Deno.test("readExact: the bytes are the caller's own", () => {
  const { reader, send } = rig("ab");
  const first = handPoll(reader.readExact(2)).take();
  send("cd");
  assertEquals([taken(reader.readExact(2)), textOf(first)], ["cd", "ab"]);
});

Deno.test("readExact and peek: a number of bytes that cannot be is a RangeError", () => {
  const { reader } = rig();
  for (const n of [-1, 1.5, NaN, Infinity]) {
    assertThrows(() => reader.readExact(n), RangeError);
    assertThrows(() => reader.peek(n), RangeError);
  }
});

Deno.test("readUntil and readLine: a limit that cannot be is a RangeError", () => {
  const { reader } = rig();
  for (const limit of [-1, NaN]) {
    assertThrows(() => reader.readUntil(COMMA, limit), RangeError, "limit");
    assertThrows(() => reader.readLine({ maxBytes: limit }), RangeError, "limit");
  }
});

Deno.test("peek: waits for bytes and takes none", () => {
  const { reader, send } = rig("G");
  const peek = handPoll(reader.peek(3));
  peek.assertPending();
  send("ET /");
  assertEquals(textOf(peek.take()), "GET");
  assertEquals(taken(reader.peek(5)), "GET /");
  reader.consume(3);
  assertEquals(taken(reader.peek(2)), " /");
});

Deno.test("peek: has fewer bytes when the stream ends after them", () => {
  const { reader, peer } = rig("ab");
  peer.close();
  assertEquals(taken(reader.peek(3)), "ab");
});

Deno.test("read and fill: give what was buffered first, then what the reader has", () => {
  const { reader, send } = rig("abc");
  handPoll(reader.peek(3)).take();
  send("def");
  const into = new Uint8Array(2);
  handPoll(reader.read(into)).assertReady(2);
  assertEquals([textOf(into), taken(reader.fill())], ["ab", "c"]);
  reader.consume(1);
  assertEquals([taken(reader.fill()), reader.buffered], ["def", 0]);
  reader.consume(2);
  assertEquals(taken(reader.fill()), "f");
});

Deno.test("readUntil: takes up to and with the delimiter, then what is left, then End", () => {
  const { reader, peer } = rig("a,bc,d");
  peer.close();
  const next = () => taken(reader.readUntil(COMMA, 10));
  assertEquals([next(), next(), next(), next(), next()], ["a,", "bc,", "d", End, End]);
});

Deno.test("readUntil: more than the limit is an error that names it, and can be skipped", () => {
  for (const rest of ["d,e,", ",e,"]) {
    const { reader } = rig("abc", rest);
    const until = () => reader.readUntil(COMMA, rest === ",e," ? 2 : 3);
    for (let i = 0; i < 2; i++) {
      assertThrows(() => handPoll(until()).poll(), TooLong, "longer than");
    }
    handPoll(reader.skipUntil(COMMA)).assertReady(true);
    assertEquals(taken(until()), "e,");
  }
});

Deno.test("readUntil: exactly the limit is not too long, complete or at the end", () => {
  const { reader, peer } = rig("abc,def");
  peer.close();
  assertEquals(taken(reader.readUntil(COMMA, 3)), "abc,");
  assertEquals(taken(reader.readUntil(COMMA, 3)), "def");
});

Deno.test("skipUntil: waits for the delimiter; dropped and asked again it goes on", () => {
  const { reader, peer, send } = rig("abc");
  const dropped = handPoll(reader.skipUntil(COMMA));
  dropped.assertPending();
  dropped.drop();
  send("de");
  const skip = handPoll(reader.skipUntil(COMMA));
  skip.assertPending();
  send("f,rest");
  skip.assertReady(true);
  assertEquals(taken(reader.readExact(4)), "rest");
  peer.close();
  handPoll(reader.skipUntil(COMMA)).assertReady(false);
});

Deno.test("readLine: LF and CRLF end lines, a lone CR does not; the last needs no end", () => {
  const { reader, peer } = rig("one\r\ntwo\n\n\r\nth\rree\r");
  peer.close();
  const next = () => handPoll(reader.readLine()).take();
  const all = [next(), next(), next(), next(), next(), next(), next()];
  assertEquals(all, ["one", "two", "", "", "th\rree\r", End, End]);
});

Deno.test("readLine: a dropped one loses no byte", () => {
  const { reader, send } = rig("hel");
  const dropped = handPoll(reader.readLine());
  dropped.assertPending();
  send("lo\r");
  dropped.assertPending();
  dropped.drop();
  send("\nnext");
  handPoll(reader.readLine()).assertReady("hello");
});

Deno.test("readLine: the limit counts the line without its end", () => {
  for (const end of ["\n", "\r\n"]) {
    const { reader } = rig(`abc${end}abcd${end}ab${end}`);
    const line = () => handPoll(reader.readLine({ maxBytes: 3 }));
    line().assertReady("abc");
    const error = assertThrows(() => line().poll(), TooLong, "longer than 3 bytes");
    assertEquals(error.limit, 3);
    handPoll(reader.skipLine()).assertReady(true);
    line().assertReady("ab");
  }
});

Deno.test("readLine: a line that never ends is refused once the limit is passed", () => {
  const { reader, send } = rig("abc");
  const line = handPoll(reader.readLine({ maxBytes: 3 }));
  line.assertPending();
  send("\r");
  line.assertPending();
  send("x");
  assertThrows(() => line.poll(), TooLong);
  const skip = handPoll(reader.skipLine());
  skip.assertPending();
  assertEquals(reader.buffered, 0);
  send("yz\nnext\n");
  skip.assertReady(true);
  handPoll(reader.readLine({ maxBytes: 4 })).assertReady("next");
});

Deno.test("readLine: what is not UTF-8 is replaced, or an error that costs this line only", () => {
  const line = joined(bytes("caf"), LATIN_1_E_ACUTE, bytes("\n"));
  const { reader } = rig(line, line, "café\n");
  handPoll(reader.readLine()).assertReady("caf\ufffd");
  assertThrows(() => handPoll(reader.readLine({ fatal: true })).poll(), InvalidText, "UTF-8");
  handPoll(reader.readLine({ fatal: true })).assertReady("café");
});

Deno.test("readLine: a character may come in two pieces, and a byte order mark is kept", () => {
  const [start, rest] = [bytes("\ufeffé").subarray(0, 4), bytes("\ufeffé\n").subarray(4)];
  const { reader, send } = rig(start);
  const line = handPoll(reader.readLine());
  line.assertPending();
  send(rest);
  line.assertReady("\ufeffé");
});

Deno.test("BufReader: one way of reading follows another without loss", () => {
  const { reader } = rig("head: 5\nhelloa,b");
  handPoll(reader.readLine()).assertReady("head: 5");
  assertEquals(taken(reader.readExact(5)), "hello");
  assertEquals(taken(reader.readUntil(COMMA, 5)), "a,");
  assertEquals(taken(reader.fill()), "b");
});
