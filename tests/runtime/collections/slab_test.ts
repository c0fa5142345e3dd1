import fc from "../../support/fast_check.ts";
import { Slab } from "../../../runtime/collections/slab.ts";
import { assert, assertEquals, assertNotEquals } from "../../support/assert.ts";

Deno.test("Slab: answers under its key what was inserted", () => {
  const slab = new Slab<string>();
  const [a, b] = [slab.insert("a"), slab.insert("b")];
  assertEquals([slab.get(a), slab.get(b), slab.size], ["a", "b", 2]);
});

Deno.test("Slab: remove returns the value once", () => {
  const slab = new Slab<string>();
  const key = slab.insert("a");
  assertEquals([slab.remove(key), slab.size], ["a", 0]);
  assertEquals([slab.remove(key), slab.get(key), slab.size], [undefined, undefined, 0]);
});

Deno.test("Slab: a key kept too long does not name its successor", () => {
  const slab = new Slab<string>();
  const old = slab.insert("old");
  slab.remove(old);
  const young = slab.insert("young");
  assertNotEquals(young, old);
  assertEquals([slab.get(old), slab.remove(old)], [undefined, undefined]);
  assertEquals([slab.get(young), slab.size], ["young", 1]);
});

Deno.test("Slab: slots are used again, so that keys stay small", () => {
  const slab = new Slab<number>();
  for (let i = 0; i < 1000; i++) slab.remove(slab.insert(i));
  assertEquals(slab.insert(0) % 2 ** 24, 0);
  assertEquals(slab.insert(1) % 2 ** 24, 1);
});

Deno.test("Slab: keys beyond 2³² still find their slot", () => {
  const slab = new Slab<number>();
  slab.insert(0);
  for (let i = 0; i < 300; i++) slab.remove(slab.insert(i));
  const key = slab.insert(7);
  assert(key > 2 ** 32 && key % 2 ** 24 === 1);
  assertEquals([slab.get(key), slab.remove(key), slab.get(key)], [7, 7, undefined]);
});

Deno.test("Slab: a number that was never a key names nothing", () => {
  const slab = new Slab<string>();
  slab.insert("a");
  for (const key of [-1, 1, 0.5, NaN, Infinity, 2 ** 24]) {
    assertEquals([slab.get(key), slab.remove(key)], [undefined, undefined]);
  }
  assertEquals(slab.size, 1);
});

Deno.test("Slab: behaves as a map with keys that never come back", () => {
  const commands = fc.array(fc.option(fc.nat(50)), { maxLength: 200 });
  fc.assert(fc.property(commands, (sequence) => {
    const slab = new Slab<number>();
    const model = new Map<number, number>();
    const keys: number[] = [];
    for (const [value, pick] of sequence.entries()) {
      if (pick === null) {
        const key = slab.insert(value);
        assert(!keys.includes(key), "the key was given out before");
        keys.push(key);
        model.set(key, value);
      } else if (keys.length > 0) {
        const key = keys[pick % keys.length];
        assertEquals(slab.remove(key), model.get(key));
        model.delete(key);
      }
      assertEquals(slab.size, model.size);
    }
    for (const key of keys) assertEquals(slab.get(key), model.get(key));
  }));
});
