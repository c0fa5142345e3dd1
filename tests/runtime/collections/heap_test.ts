import { Heap } from "../../../runtime/collections/heap.ts";
import { assertEquals } from "../../support/assert.ts";

const numbers = () => new Heap<number>((one, other) => one < other);

Deno.test("Heap: gives the least first", () => {
  const heap = numbers();
  for (const item of [3, 1, 2, 1]) heap.push(item);
  assertEquals(heap.size, 4);
  assertEquals([heap.pop(), heap.pop(), heap.pop(), heap.pop()], [1, 1, 2, 3]);
});

Deno.test("Heap: peek shows the least, which stays", () => {
  const heap = numbers();
  heap.push(2);
  heap.push(1);
  assertEquals([heap.peek(), heap.peek(), heap.size], [1, 1, 2]);
});

Deno.test("Heap: an empty one has nothing to give", () => {
  const heap = numbers();
  assertEquals([heap.peek(), heap.pop(), heap.size], [undefined, undefined, 0]);
});
