import fc from "../../support/fast_check.ts";
import { Ring } from "../../../runtime/collections/ring.ts";
import { assertEquals } from "../../support/assert.ts";

/** Fills `n` items in, in order. */
function filled(n: number): Ring<number> {
  const ring = new Ring<number>();
  for (let i = 0; i < n; i++) ring.push(i);
  return ring;
}

/** Takes everything out. */
function drained<T>(ring: Ring<T>): T[] {
  return Array.from({ length: ring.length }, () => ring.shift()!);
}

Deno.test("Ring: first in, first out", () => {
  const ring = filled(3);
  assertEquals([ring.shift(), ring.shift(), ring.shift()], [0, 1, 2]);
});

Deno.test("Ring: an empty one has nothing to shift, and stays empty", () => {
  const ring = new Ring<number>();
  assertEquals([ring.shift(), ring.length], [undefined, 0]);
  ring.push(1);
  ring.shift();
  assertEquals([ring.shift(), ring.length], [undefined, 0]);
});

Deno.test("Ring: grows while it is wrapped around, keeping the order", () => {
  const ring = filled(16);
  for (let i = 0; i < 9; i++) ring.shift();
  for (let i = 16; i < 100; i++) ring.push(i);
  assertEquals(drained(ring), Array.from({ length: 91 }, (_, i) => i + 9));
});

Deno.test("Ring: behaves as an array under any sequence of pushes and shifts", () => {
  const bursts = fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 40 });
  fc.assert(fc.property(bursts, (sizes) => {
    const ring = new Ring<number>();
    const model: number[] = [];
    let next = 0;
    for (const size of sizes) {
      for (let i = 0; i < Math.abs(size); i++) {
        if (size < 0) assertEquals(ring.shift(), model.shift());
        else model.push(next), ring.push(next++);
      }
      assertEquals(ring.length, model.length);
    }
    assertEquals(drained(ring), model);
  }));
});

Deno.test("Ring: what is put back is the oldest again, also where it must grow", () => {
  const ring = new Ring<number>();
  assertEquals(ring.peek(), undefined);
  for (let i = 0; i < 16; i++) ring.push(i);
  ring.unshift(-1);
  assertEquals([ring.peek(), ring.length], [-1, 17]);
  assertEquals(drained(ring), Array.from({ length: 17 }, (_, i) => i - 1));
  assertEquals(ring.peek(), undefined);
});

Deno.test("Ring: behaves as an array when its oldest are taken and put back", () => {
  const steps = fc.array(fc.constantFrom("push", "shift", "unshift"), { maxLength: 100 });
  fc.assert(fc.property(steps, (course) => {
    const ring = new Ring<number>();
    const model: number[] = [];
    for (const [item, step] of course.entries()) {
      if (step === "push") ring.push(item), model.push(item);
      else if (step === "unshift") ring.unshift(item), model.unshift(item);
      else assertEquals(ring.shift(), model.shift());
      assertEquals([ring.peek(), ring.length], [model[0], model.length]);
    }
    assertEquals(drained(ring), model);
  }));
});
