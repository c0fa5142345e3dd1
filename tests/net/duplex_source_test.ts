import { IoError, READABLE, WouldBlock, WRITABLE } from "wakeful/runtime";
import { DuplexSource } from "../../net/duplex_source.ts";
import { assertEquals, assertStrictEquals, assertThrows } from "../support/assert.ts";
import { bytes, textOf } from "../support/bytes.ts";
import { FakeRegistrar } from "../support/fake_conn.ts";

const NOWHERE = { transport: "unix", path: "" } as const;

function ends(capacity = 8) {
  const registrar = new FakeRegistrar();
  const end = () => new DuplexSource(registrar, capacity, NOWHERE, NOWHERE);
  const [one, other] = [end(), end()];
  DuplexSource.connect(one, other);
  return { one, other, registrar };
}

Deno.test("DuplexSource: bytes make the other end readable, taking them makes this one writable", () => {
  const { one, other, registrar } = ends();
  assertEquals(one.tryWrite(bytes("hi")), 2);
  assertEquals(textOf(other.tryFill() as Uint8Array), "hi");
  other.consume(2);
  assertEquals(registrar.events, [[other.token, READABLE], [one.token, WRITABLE]]);
  assertStrictEquals(other.tryFill(), WouldBlock);
});

Deno.test("DuplexSource: nothing is told when nothing was taken", () => {
  const { one, other, registrar } = ends();
  other.consume(0);
  assertEquals(one.tryWrite(new Uint8Array(0)), 0);
  assertEquals(registrar.take(), []);
});

Deno.test("DuplexSource: closing tells the other end, both ways, and gives the token back", () => {
  const { one, other, registrar } = ends();
  one.close();
  one.close();
  assertEquals(registrar.events, [[other.token, READABLE], [other.token, WRITABLE]]);
  assertEquals([...registrar.tokens], [other.token]);
  assertEquals([one.closed, other.closed, other.atEnd], [true, false, true]);
});

Deno.test("DuplexSource: what was sent before the end is read before it", () => {
  const { one, other } = ends();
  one.tryWrite(bytes("bye"));
  one.tryShutdown();
  assertEquals([other.atEnd, other.tryRead(new Uint8Array(8)), other.atEnd], [false, 3, true]);
  assertEquals(other.tryRead(new Uint8Array(8)), 0);
  assertThrows(() => one.tryWrite(bytes("x")), IoError, "shut down");
});
