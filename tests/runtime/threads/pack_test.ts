import fc from "fast-check";
import { Packer, UNPACKABLE } from "../../../runtime/threads/pack.ts";
import { Unpacker } from "../../../runtime/threads/unpack.ts";
import { assert, assertEquals } from "../../support/assert.ts";

const ROOM = 4096;
const bytes = new Uint8Array(new SharedArrayBuffer(ROOM));
const packer = new Packer(bytes);
const unpacker = new Unpacker(bytes);

function across(value: unknown): unknown {
  const length = packer.pack(value, 3, ROOM - 3);
  assert(length !== UNPACKABLE);
  return unpacker.unpack(3);
}

Deno.test("Pack: every plain kind comes out as it went in", () => {
  const values = [undefined, null, true, false, 0, -0, 1.5, NaN, -(2 ** 31), 2 ** 31, 10n ** 30n];
  assertEquals(across(values), values);
  const texts = ["", "short", "ß", "a".repeat(100), "😀".repeat(20), "\ud800".toWellFormed()];
  assertEquals(across(texts), texts);
  const nested = { a: [{ b: new Map([[1, new Set(["x"])]]) }], at: new Date(5) };
  assertEquals(across(nested), nested);
});

Deno.test("Pack: buffers and typed arrays are copied, only the part a view shows", () => {
  const view = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
  assertEquals(across(view), new Uint8Array([2, 3]));
  assertEquals(across(new Float64Array([0.5])), new Float64Array([0.5]));
  assertEquals(across(new Uint8Array([7]).buffer), new Uint8Array([7]).buffer);
});

Deno.test("Pack: a key named __proto__ is a key like any other", () => {
  const odd = JSON.parse('{"__proto__": {"a": 1}}');
  const came = across(odd) as object;
  assertEquals(Object.keys(came), ["__proto__"]);
  assertEquals(Object.getPrototypeOf(came), Object.prototype);
});

Deno.test("Pack: what is not plain, contains itself or has no room is left to the messages", () => {
  const self: unknown[] = [];
  self.push(self);
  class Own {}
  for (const value of [() => {}, Symbol(), self, new Own(), /x/, new SharedArrayBuffer(1)]) {
    assertEquals(packer.pack(value, 0, ROOM), UNPACKABLE);
  }
  assertEquals(packer.pack("a".repeat(ROOM), 0, ROOM), UNPACKABLE);
  assertEquals(packer.pack([1, 2, 3], 0, 8), UNPACKABLE);
});

Deno.test("Pack: nothing is written outside the room", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 64 }), (value, room) => {
    bytes.fill(0xee);
    const length = packer.pack(value, 16, room);
    assert(length <= room);
    assert(bytes.subarray(0, 16).every((byte) => byte === 0xee));
    assert(bytes.subarray(16 + room).every((byte) => byte === 0xee));
  }));
});

Deno.test("Pack: any value made of plain ones comes out the same", () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true });
  fc.assert(fc.property(anything, (value) => {
    if (packer.pack(value, 0, ROOM) === UNPACKABLE) return;
    assertEquals(unpacker.unpack(0), structuredClone(value));
  }));
});
