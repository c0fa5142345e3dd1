import fc from "fast-check";
import { Heap } from "../../../runtime/collections/heap.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("Heap: is a sorted array, whatever comes and goes", () => {
  const step = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant("pop" as const));
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const heap = new Heap<number>((one, other) => one < other);
    const model: number[] = [];
    for (const next of steps) {
      if (next === "pop") {
        assertEquals(heap.pop(), model.shift());
      } else {
        heap.push(next);
        model.push(next);
        model.sort((one, other) => one - other);
      }
      assertEquals([heap.peek(), heap.size], [model[0], model.length]);
    }
  }));
});
