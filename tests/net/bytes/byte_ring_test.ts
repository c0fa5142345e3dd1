import fc from "../../support/fast_check.ts";
import { ByteRing } from "../../../net/bytes/byte_ring.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { bytes, firstWrong, numbered, textOf } from "../../support/bytes.ts";

Deno.test("ByteRing: takes as much as there is room for", () => {
  const ring = new ByteRing(4);
  assertEquals([ring.push(bytes("abcdef")), ring.push(bytes("x")), ring.length], [4, 0, 4]);
  assertEquals(textOf(ring.lend()), "abcd");
});

Deno.test("ByteRing: lends up to the wrap, then from the start", () => {
  const ring = new ByteRing(4);
  ring.push(bytes("abcd"));
  ring.consume(3);
  ring.push(bytes("ef"));
  assertEquals(textOf(ring.lend()), "d");
  ring.consume(1);
  assertEquals(textOf(ring.lend()), "ef");
});

Deno.test("ByteRing: an empty one lends nothing and starts anew", () => {
  const ring = new ByteRing(4);
  assertEquals(ring.lend().length, 0);
  ring.push(bytes("abc"));
  ring.consume(Infinity);
  assertEquals([ring.length, ring.lend().length], [0, 0]);
  ring.push(bytes("wxyz"));
  assertEquals(textOf(ring.lend()), "wxyz");
});

Deno.test("ByteRing: bytes come out in the order they went in, and lent ones never change", () => {
  const sizes = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 50 });
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), sizes, (capacity, steps) => {
    const ring = new ByteRing(capacity);
    let [pushed, taken] = [0, 0];
    for (const [push, take] of steps) {
      const lent = ring.lend();
      pushed += ring.push(numbered(pushed, pushed + push));
      assertEquals(firstWrong(lent, taken), -1);
      assert(ring.length <= capacity && ring.length === pushed - taken);
      const n = Math.min(take, lent.length);
      ring.consume(n);
      taken += n;
      assert(ring.length === 0 || ring.lend().length > 0);
    }
  }));
});
